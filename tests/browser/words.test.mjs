// The twelve words: typed back before anything is written, completed by keyboard, checked offline when somebody comes back.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { BROWSERS } from './lib/browsers.mjs';
import { hostileHost } from './lib/proxy.mjs';
import { sharedBrowser, sharedDrop } from './lib/shared.mjs';
import { discard, enterWords, open, press, screen, text, type, value } from './lib/source.mjs';

const UNRECORDED = { autocomplete: 'off', autocorrect: 'off', autocapitalize: 'off', spellcheck: 'false', translate: 'no' };

for (const { name, skip } of BROWSERS.filter((b) => b.name !== 'firefox-safer')) {
  describe(`twelve words, ${name}`, { skip }, () => {
    let host;
    let link;
    before(async () => {
      const drop = await sharedDrop();
      host = await hostileHost(drop.server.port);
      link = `${host.url}/${new URL(drop.link).hash}`;
    });
    after(() => host?.close());
    const opened = async () => {
      const page = await (await sharedBrowser(name)).page();
      await open(page, link);
      await screen(page, 'start');
      return page;
    };
    const marks = (page, selector) => page.$$eval(selector, (all, names) => all.map((e) => Object.fromEntries(names.map((n) => [n, e.getAttribute(n)]))), Object.keys(UNRECORDED));
    const errors = (page) => page.$eval('#errors', (e) => e.innerText);

    test('are asked back before going on: wrong ones are named, and can be looked at again', async () => {
      const page = await opened();
      await press(page, 'write');
      await screen(page, 'codename');
      assert.equal(await page.$eval('#words', (e) => e.translate), false);
      const words = await page.$$eval('#words li', (all) => all.map((e) => e.textContent));
      await press(page, 'next');
      await screen(page, 'confirm');
      for (const one of await marks(page, '#main input')) assert.deepEqual(one, UNRECORDED);
      const positions = await page.$$eval('#main input', (all) => all.map((e) => Number(e.dataset.position)));
      assert.equal(new Set(positions).size, 3);
      await type(page, 'confirm-1', words[positions[0] - 1].toUpperCase());
      await type(page, 'confirm-2', words[positions[1] - 1] === 'zoo' ? 'zero' : 'zoo');
      await press(page, 'next');
      await screen(page, 'confirm');
      const said = await errors(page);
      assert.match(said, new RegExp(`This is not word ${positions[1]}\\.`));
      assert.match(said, new RegExp(`Type word ${positions[2]}\\.`));
      assert.doesNotMatch(said, new RegExp(`word ${positions[0]}\\.`));
      assert.equal(await page.evaluate(() => document.activeElement.id), 'errors');
      await press(page, 'show-again');
      await screen(page, 'codename');
      assert.deepEqual(await page.$$eval('#words li', (all) => all.map((e) => e.textContent)), words);
      // What was wrong there is not said of other fields.
      await press(page, 'back');
      await press(page, 'have-words');
      await screen(page, 'words');
      assert.equal(await page.$('#errors'), null);
      await discard(page);
    });

    test('are completed by keyboard alone, and nothing is asked of the server while they are typed', async () => {
      const page = await opened();
      const before = host.requests.length;
      await press(page, 'have-words');
      await screen(page, 'words');
      for (const one of await marks(page, '#main input')) assert.deepEqual(one, UNRECORDED);
      await page.focus('#word-1');
      await page.keyboard.type('aba');
      await page.waitForSelector('#suggestions [role=option]');
      assert.equal(await page.$eval('#word-1', (e) => e.getAttribute('aria-expanded')), 'true');
      await page.keyboard.press('ArrowDown');
      const chosen = await page.$eval('#word-1', (e) => document.getElementById(e.getAttribute('aria-activedescendant')).textContent);
      assert.equal(chosen, 'abandon');
      await page.keyboard.press('Enter');
      assert.equal(await value(page, 'word-1'), 'abandon');
      assert.equal(await page.evaluate(() => document.activeElement.id), 'word-2');
      assert.equal(await page.$('#suggestions'), null);
      await page.keyboard.type('abs');
      await page.keyboard.press('ArrowUp');
      await page.keyboard.press('Escape');
      assert.equal(await page.$('#suggestions'), null);
      await page.keyboard.type('t ');
      assert.equal(await value(page, 'word-2'), 'abstract');
      // The first letters that only one word has are enough.
      await page.keyboard.type('zeb');
      await page.keyboard.press('Tab');
      assert.equal(await value(page, 'word-3'), 'zebra');
      assert.equal(host.requests.length, before);
      await page.close();
    });

    test('that are none, that are missing, or that do not belong together: said here, nothing is asked of the server', async () => {
      const page = await opened();
      await press(page, 'have-words');
      const before = host.requests.length;
      await enterWords(page, Array(12).fill('abandon'));
      await press(page, 'check-replies');
      assert.match(await errors(page), /There are no such 12 words.*Nothing was sent/s);
      for (const [word, said] of [['abandonned', /“abandonned” \(word 5\) is not one of the words used here/], ['', /Word 5 is missing/]]) {
        await page.$eval('#word-5', (e) => e.select());
        await page.keyboard.press('Backspace');
        if (word) await page.keyboard.type(word);
        await press(page, 'check-replies');
        assert.match(await errors(page), said);
        assert.equal(await page.$eval('#word-5', (e) => e.getAttribute('aria-invalid')), 'true');
      }
      assert.equal(await screen(page, 'words'), 'words');
      assert.equal(host.requests.length, before);
      await page.close();
    });

    test('all twelve pasted into the first field fill the others; nobody answered them: what that can mean', async () => {
      const page = await opened();
      await press(page, 'have-words');
      await page.focus('#word-1');
      await page.$eval('#word-1', (e) => {
        e.value = `1. ${Array(11).fill('Abandon').join(', ')} about`;
        e.dispatchEvent(new InputEvent('input', { bubbles: true }));
      });
      assert.equal(await value(page, 'word-11'), 'abandon');
      assert.equal(await value(page, 'word-12'), 'about');
      await press(page, 'check-replies');
      await screen(page, 'conversation');
      assert.match(await text(page, 'title'), /Nothing yet/);
      assert.match(await text(page, 'nothing'), /Nobody has read your report yet.*the words are not those of your report/s);
      await page.close();
    });
  });
}
