// "Leave now", Back and Reload: what was typed is gone, from the page and from the browser's memory of it.
import assert from 'node:assert/strict';
import { before, describe, test } from 'node:test';
import { BROWSERS } from './lib/browsers.mjs';
import { sharedBrowser, sharedDrop } from './lib/shared.mjs';
import { discard, open, press, screen, takeWords, type, value } from './lib/source.mjs';

const SECRET = 'The ledger is under the floor.';

for (const { name, skip } of BROWSERS.filter((b) => b.name !== 'firefox-safer')) {
  describe(`leaving, ${name}`, { skip }, () => {
    let drop;
    before(async () => { drop = await sharedDrop(); });
    const written = async () => {
      const page = await (await sharedBrowser(name)).page();
      await open(page, drop.link);
      await takeWords(page);
      await type(page, 'message', SECRET);
      return page;
    };
    const gone = (page) => page.waitForFunction(() => location.href === 'about:blank');
    const backBringsNothing = async (page) => {
      await page.goBack({ waitUntil: 'load' }).catch(() => null);
      const text = await page.evaluate(() => document.documentElement.innerText + [...document.querySelectorAll('input, textarea')].map((e) => e.value));
      assert.ok(!text.includes(SECRET), text);
      assert.equal(await page.$('#message'), null);
    };

    test('the button replaces the page at once, without a question, and Back does not bring the text back', async () => {
      const page = await written();
      const asked = [];
      page.on('dialog', (dialog) => { asked.push(dialog.type()); void dialog.dismiss(); });
      await press(page, 'leave');
      await gone(page);
      await backBringsNothing(page);
      assert.deepEqual(asked, []);
      await page.close();
    });

    test('Shift pressed three times does the same; for capital letters, held, or two and a click it does not', async () => {
      const page = await written();
      const shift = () => page.keyboard.press('Shift');
      await page.focus('#message');
      for (let i = 0; i < 4; i++) {
        await page.keyboard.down('Shift');
        await page.keyboard.press('A');
        await page.keyboard.up('Shift');
      }
      await shift();
      await shift();
      await page.click('#message');
      await shift();
      await page.keyboard.press('b');
      await shift();
      await shift();
      await page.keyboard.press('c');
      assert.equal((await value(page, 'message')).length, SECRET.length + 6);
      await shift();
      await shift();
      await shift();
      await gone(page);
      await backBringsNothing(page);
      await page.close();
    });

    test('an input method that is composing keeps its Shift', { skip: name === 'chromium' ? false : 'only Chromium lets a test compose' }, async () => {
      const page = await written();
      const session = await page.createCDPSession();
      await page.focus('#message');
      await session.send('Input.imeSetComposition', { text: 'ni', selectionStart: 2, selectionEnd: 2 });
      for (let i = 0; i < 4; i++) await page.keyboard.press('Shift');
      assert.ok((await value(page, 'message')).includes('ni'));
      await session.send('Input.insertText', { text: '你' });
      assert.equal(await value(page, 'message'), `${SECRET}你`);
      for (let i = 0; i < 3; i++) await page.keyboard.press('Shift');
      await gone(page);
      await page.close();
    });

    test('a reload asks first, and then all that was typed is lost', async () => {
      const page = await written();
      const asked = [];
      page.on('dialog', (dialog) => { asked.push(dialog.type()); void dialog.accept(); });
      await page.reload({ waitUntil: 'load' });
      await screen(page, 'start');
      assert.deepEqual(asked, ['beforeunload']);
      assert.equal(await page.$('#message'), null);
      await takeWords(page);
      assert.equal(await value(page, 'message'), '');
      await discard(page);
    });

    test('fields are marked so that no browser, keyboard or extension keeps or corrects what is typed', async () => {
      const page = await written();
      const fields = await page.$$eval('input:not([type=file]), textarea', (all) =>
        all.map((e) => [e.id, e.getAttribute('autocomplete'), e.type === 'checkbox' ? 'false' : e.getAttribute('spellcheck'), e.name, e.form.getAttribute('autocomplete')]));
      assert.ok(fields.length >= 3);
      for (const [id, ...marks] of fields) assert.deepEqual([id, ...marks], [id, 'off', 'false', '', 'off']);
      await discard(page);
    });
  });
}
