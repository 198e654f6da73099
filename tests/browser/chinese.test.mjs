// The whole cycle in Chinese: the page's language chosen by its button, the words in Chinese, what is written and answered too.
import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, before, describe, test } from 'node:test';
import { BROWSERS, launch } from './lib/browsers.mjs';
import { newDrop, newReport } from './lib/drop.mjs';
import { delivered, open, press, replies, returnWith, screen, takeWords, text, write } from './lib/source.mjs';

const HAN = /^\p{Script=Han}$/u;
const seen = new Set();
let drop;
let folder;
before(async () => {
  drop = await newDrop();
  folder = await mkdtemp(path.join(tmpdir(), 'securedrop-chinese-'));
});
after(async () => {
  await drop?.remove();
  if (folder) await rm(folder, { recursive: true, force: true });
});

for (const { name, skip } of BROWSERS.filter((b) => b.name !== 'firefox')) {
  describe(name, { skip }, () => {
    let started;
    before(async () => { started = await launch(name); });
    after(() => started?.close());

    test('a report, a reply and the way back, all in Chinese', async () => {
      const page = await started.page();
      await open(page, drop.link);
      await screen(page, 'start');
      assert.equal(await page.$eval('html', (e) => e.lang), 'en');
      await press(page, 'language-zh-Hans');
      assert.equal(await page.$eval('html', (e) => e.lang), 'zh-Hans');
      assert.equal(await text(page, 'write'), '提供线索');
      const words = await takeWords(page, { otherSpelling: true });
      for (const word of words) assert.match(word, HAN);
      const message = `仓库里的阀门漏了，${name} 亲眼所见。`;
      const photograph = randomBytes(1_500_000);
      await writeFile(path.join(folder, '阀门 照片.jpg'), photograph);
      await write(page, { message, contact: '不必联系我', files: [path.join(folder, '阀门 照片.jpg')] });
      await delivered(page);
      assert.equal(await text(page, 'title'), '已密封并送达');
      await page.close();

      const report = await newReport(drop.reviewer, seen);
      const out = path.join(folder, `out-${name}`);
      const opened = await drop.reviewer.json(['open', report.handle, '--out', out]);
      assert.equal(opened.attachments[0].name, '阀门 照片.jpg');
      assert.deepEqual(await readFile(path.resolve(out, opened.attachments[0].path)), photograph);
      assert.equal(opened.text, message);
      assert.equal(opened.contact, '不必联系我');
      assert.equal(opened.language, 'zh-Hans');
      const answer = `谢谢您。${name} 是哪一年的事？`;
      await drop.reviewer.run(['reply', report.handle, '-'], { input: answer });

      const second = await started.page();
      await open(second, drop.link);
      await screen(second, 'start');
      await press(second, 'language-zh-Hans');
      await returnWith(second, words);
      const shown = await replies(second);
      assert.ok(shown.some((r) => r.includes(answer)), shown.join(' | '));
      assert.ok(shown.some((r) => r.includes('Ana')), shown.join(' | '));
      // Nothing of the page stays in English.
      assert.doesNotMatch(await wholeText(second), /\b(reply|replies|write|window)\b/i);

      await press(second, 'write-again');
      await screen(second, 'report');
      await write(second, { message: '二〇二四年，有收据。' });
      await delivered(second);
      await second.close();
      const followUp = await newReport(drop.reviewer, seen);
      assert.equal(followUp.conversation, report.conversation);
      assert.equal((await drop.reviewer.json(['open', followUp.handle])).text, '二〇二四年，有收据。');
    });
  });
}

const wholeText = (page) => page.$eval('#main', (e) => e.innerText);
