// A whole report, the way back and a follow-up without a mouse: Tab, Space, Enter and the arrows alone. Each screen begins at its
// heading, and what happens is said in a live region.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { setTimeout } from 'node:timers/promises';
import { BROWSERS } from './lib/browsers.mjs';
import { openWithFiles, received } from './lib/drop.mjs';
import { hostileHost } from './lib/proxy.mjs';
import { file, richDrop, sharedBrowser } from './lib/shared.mjs';
import { open, screen, takeWords } from './lib/source.mjs';

const MOST_TABS = 40;

for (const { name, skip } of BROWSERS.filter((b) => b.name !== 'firefox-safer')) {
  describe(`the keyboard alone, ${name}`, { skip }, () => {
    let drop;
    let host;
    let page;
    before(async () => {
      drop = await richDrop();
      host = await hostileHost(drop.server.port);
      page = await (await sharedBrowser(name)).page();
      await page.bringToFront();
      // Everything a screen reader would be told without the focus moving.
      await page.evaluateOnNewDocument(() => {
        window.said = [];
        new MutationObserver((changes) => {
          for (const { target, addedNodes } of changes) {
            // A status is read when it changes, not when it is drawn; an alert also when it appears.
            const region = (target.nodeType === 1 ? target : target.parentElement)?.closest('[role=status], [role=alert]');
            const alerts = [...addedNodes].filter((e) => e.role === 'alert');
            for (const one of [region, ...alerts]) if (one?.textContent) window.said.push(one.textContent);
          }
        }).observe(document, { subtree: true, childList: true, characterData: true });
      });
    });
    after(async () => {
      await page?.close({ runBeforeUnload: false });
      await host?.close();
    });

    const focused = () => page.evaluate(() => {
      const e = document.activeElement;
      const style = getComputedStyle(e);
      const box = e.getBoundingClientRect();
      const header = document.querySelector('header').getBoundingClientRect();
      return {
        id: e.id,
        where: `${box.top} to ${box.bottom} in ${header.bottom} to ${innerHeight}; ${style.outline}; ${e.matches(':focus')} ${e.matches(':focus-visible')}`,
        // A file field is drawn by its label.
        outlined: [style, ...[...(e.labels ?? [])].map((label) => getComputedStyle(label))].some((one) => one.outlineStyle !== 'none' && parseFloat(one.outlineWidth) >= 2),
        inSight: e.closest('header') !== null || Math.min(box.bottom, innerHeight) - Math.max(box.top, header.bottom) >= Math.min(box.height, 44),
      };
    });
    const tabBack = async () => {
      await page.keyboard.down('Shift');
      await page.keyboard.press('Tab');
      await page.keyboard.up('Shift');
    };
    /** Tab until the focus is there, forwards or (to the page's head) back; at every stop it can be seen and is not under the head. */
    async function tabTo(id) {
      const isAbove = /^(language|leave|back)/.test(id);
      for (let i = 0; i < MOST_TABS; i++) {
        await (isAbove ? tabBack() : page.keyboard.press('Tab'));
        let stop = await focused();
        // Browsers scroll to it a little later.
        for (let wait = 0; !stop.inSight && wait < 20; wait++) stop = await setTimeout(50).then(focused);
        assert.ok(stop.outlined, `the focus on ${stop.id} cannot be seen: ${stop.where}`);
        assert.ok(stop.inSight, `the focus on ${stop.id} is out of sight: ${stop.where}`);
        if (stop.id === id) return;
      }
      assert.fail(`Tab does not lead to ${id}`);
    }
    async function go(id, key = 'Enter') {
      await tabTo(id);
      await page.keyboard.press(key);
    }
    async function fill(id, text) {
      await tabTo(id);
      await page.keyboard.type(text);
    }
    /** The screen, begun at its heading. */
    async function at(...names) {
      await screen(page, ...names);
      await page.waitForFunction(() => document.activeElement.id === 'title');
    }
    const heard = async (pattern) => {
      const found = await page.waitForFunction((source) => window.said.find((one) => new RegExp(source).test(one)), {}, pattern.source);
      return found.jsonValue();
    };
    const said = () => page.evaluate(() => window.said.splice(0).join(' | '));

    test('from the start to a delivered report with a file, back with the words, and once more', async () => {
      const message = `Without a mouse, ${name}.`;
      await page.setViewport({ width: 800, height: 700 });
      await open(page, `${host.url}/${new URL(drop.link).hash}`);
      await at('start');
      await go('language-zh-Hans', ' ');
      assert.equal((await focused()).id, 'language-zh-Hans');
      await go('language-en');
      assert.equal(await page.$eval('html', (e) => e.lang), 'en');
      await go('write');
      await at('codename');
      const words = await page.$$eval('#words li', (all) => all.map((e) => e.textContent));
      await go('next', ' ');
      await at('confirm');
      for (const n of [1, 2, 3]) await fill(`confirm-${n}`, words[(await page.$eval(`#confirm-${n}`, (e) => Number(e.dataset.position))) - 1]);
      await page.keyboard.press('Enter');
      await at('report');

      // Sent too early: what is missing is told, and each line leads to its field.
      await go('send');
      await page.waitForFunction(() => document.activeElement.id === 'errors');
      assert.match(await said(), /Please look at this first.*Please choose what it is about.*Please answer: Where was it\?/s);
      await page.keyboard.press('Tab');
      await page.keyboard.press('Enter');
      assert.equal((await focused()).id, 'category-1');
      await page.keyboard.press('ArrowDown');
      assert.ok(await page.$eval('#category-2', (e) => e.checked));
      await fill('question-1', 'Hall 3');
      await fill('message', message);
      if (name === 'chromium') {
        await tabTo('files');
        const chooser = page.waitForFileChooser();
        await page.evaluate(() => null); // by its answer the browser is ready to hand the chooser over
        await page.keyboard.press('Enter');
        await (await chooser).accept([await file(`keyboard-${name}.txt`, 'by keyboard')]);
        await page.waitForSelector('#remove-1');
        assert.match(await heard(/ in all/), /1 file, 11 bytes in all/);
      }
      await go('reward', ' ');
      assert.ok(await page.$eval('#reward', (e) => e.checked));
      host.state.hold = /ticket/;
      await go('send');
      await host.held();
      await at('sending');
      assert.match(await said(), /Making sure who can read it.*Asking the server for a place/s);
      host.release();
      await at('done');
      const { opened, files } = await openWithFiles(drop.reviewer, (await received(drop.reviewer, message)).handle);
      assert.equal(opened.category, 'safety');
      assert.equal(opened.reward, true);
      assert.deepEqual(files.map(String), name === 'chromium' ? ['by keyboard'] : []);

      // The receipt goes with the day's batch, not when the report is opened.
      await drop.reviewer.run(['sync']);
      await page.goto('about:blank');
      await open(page, `${host.url}/${new URL(drop.link).hash}`);
      await at('start');
      await go('have-words');
      await at('words');
      await tabTo('word-1');
      await page.keyboard.type(words[0].slice(0, 3));
      assert.match(await heard(/to choose from/), /\d+ words? to choose from\. Use the arrow keys/);
      await page.keyboard.type(`${words[0].slice(3)} `);
      for (const word of words.slice(1)) await page.keyboard.type(`${word} `);
      assert.equal((await focused()).id, 'check-replies');
      await page.keyboard.press('Enter');
      await at('conversation');
      assert.match(await page.$eval('#replies', (e) => e.innerText), /has been opened and read by a reviewer/);
      await go('write-again');
      await at('report');
      await fill('message', `Once more, ${name}.`);
      await go('send');
      await at('done');
      await received(drop.reviewer, `Once more, ${name}.`);
      await go('leave');
      await page.waitForFunction(() => location.href === 'about:blank');
    });

    test('who scrolls or points right after a field has the focus is not taken back to it', async () => {
      await page.setViewport({ width: 800, height: 700 });
      await open(page, `${host.url}/${new URL(drop.link).hash}`);
      await takeWords(page);
      const scrolled = () => page.evaluate(() => scrollY);
      await tabTo('message');
      await page.mouse.move(700, 400);
      await page.mouse.wheel({ deltaY: 3000 });
      await page.waitForFunction(() => scrollY > 300);
      await setTimeout(400);
      const bottom = await scrolled();
      assert.ok(bottom > 300, `taken back to ${bottom}`);
      await page.focus('#message');
      await page.evaluate(() => scrollTo(0, 10_000));
      await setTimeout(400);
      assert.equal(await scrolled(), bottom);
    });
  });
}
