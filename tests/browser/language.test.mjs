// The language is switched in the middle of a filled form: nothing typed, chosen or attached is lost, and it arrives as it was.
import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { before, describe, test } from 'node:test';
import { BROWSERS } from './lib/browsers.mjs';
import { openWithFiles, received } from './lib/drop.mjs';
import { file, richDrop, sharedBrowser } from './lib/shared.mjs';
import { addFiles, delivered, open, press, takeWords, text, type, value } from './lib/source.mjs';

for (const { name, skip } of BROWSERS.filter((b) => b.name !== 'firefox-safer')) {
  describe(`the language switched, ${name}`, { skip }, () => {
    let drop;
    before(async () => { drop = await richDrop(); });

    test('twice, in a form with everything in it', async () => {
      const bytes = randomBytes(70_000);
      const message = `In two languages, ${name}. 阀门`;
      const page = await (await sharedBrowser(name)).page();
      await open(page, drop.link);
      await takeWords(page);
      await press(page, 'category-2');
      await type(page, 'question-1', 'hall 3');
      await type(page, 'contact', 'nobody@nowhere.example');
      await press(page, 'reward');
      await addFiles(page, await file(`两-${name}.bin`, bytes), await file('second.txt', `of ${name}`));
      await type(page, 'message', message);
      // In the middle of the word, as somebody would who notices it while typing.
      await page.$eval('#message', (e) => e.setSelectionRange(3, 5));

      const checked = () => page.$$eval('#main input', (all) => all.filter((e) => e.checked).map((e) => e.id));
      for (const [language, title, category] of [['zh-Hans', /发生了什么/, '安全'], ['en', /What happened/, 'Safety'], ['zh-Hans', /发生了什么/, '安全']]) {
        await page.$eval(`#language-${language}`, (e) => e.click());
        assert.match(await text(page, 'title'), title);
        assert.equal(await page.$eval('label[for=category-2]', (e) => e.textContent), category);
        assert.equal(await page.$eval('html', (e) => e.lang), language);
        assert.equal(await value(page, 'message'), message);
        assert.equal(await value(page, 'question-1'), 'hall 3');
        assert.equal(await value(page, 'contact'), 'nobody@nowhere.example');
        assert.deepEqual(await checked(), ['category-2', 'reward']);
        assert.match(await text(page, 'file-list'), new RegExp(`两-${name}\\.bin.*second\\.txt`, 's'));
        assert.deepEqual(await page.$eval('#message', (e) => [document.activeElement === e, e.selectionStart, e.selectionEnd]), [true, 3, 5]);
      }
      await press(page, 'send');
      await delivered(page);
      await page.close();

      const { opened, files } = await openWithFiles(drop.reviewer, (await received(drop.reviewer, 'In two languages, ' + name)).handle);
      assert.equal(opened.text, message);
      assert.equal(opened.language, 'zh-Hans');
      assert.equal(opened.category, 'safety');
      assert.deepEqual(opened.answers, { where: 'hall 3' });
      assert.equal(opened.reward, true);
      assert.deepEqual(opened.attachments.map((a) => a.name), [`两-${name}.bin`, 'second.txt']);
      assert.ok(files[0].equals(bytes));
    });
  });
}
