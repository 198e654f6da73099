// Every screen of the page, in both languages: for a small telephone, for 400 % zoom, with large type, in light, dark and forced
// colours, and for a screen reader.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { contrast, inForcedColours, layout, namesAndRoles, structure } from './lib/accessible.mjs';
import { BROWSERS } from './lib/browsers.mjs';
import { hostileHost } from './lib/proxy.mjs';
import { sharedBrowser, sharedDrop } from './lib/shared.mjs';
import { open, screen } from './lib/source.mjs';
import { tour } from './lib/tour.mjs';

/** 320 × 256 is a window of 1280 × 1024 at 400 %. */
const WINDOWS = [[320, 640], [320, 256], [640, 360], [1280, 800]];
/** What is the same in both languages; and the name of a check, for those who look after the drop. */
const SAME = /Tor|English|https?:\/\/\S*|\.onion|torproject\.org|Shift|\d [KM]B|阀门\.bin|scan-\d+\.jpg|letter\.docx|Ana|Ben|Cem|Night desk|signature/g;

for (const { name, skip } of BROWSERS.filter((b) => b.name !== 'firefox-safer')) {
  describe(`accessibility, ${name}`, { skip }, () => {
    let host;
    let browser;
    before(async () => {
      host = await hostileHost((await sharedDrop()).server.port);
      browser = await sharedBrowser(name);
    });
    after(() => host?.close());

    test('every screen: structure, focus, names, layout, contrast, and no English left in Chinese', async () => {
      const found = [];
      const screens = new Set();
      await tour(() => browser.page(), host, async (page, screen) => {
        screens.add(await page.$eval('#main', (e) => e.dataset.screen));
        const note = (where, wrong) => found.push(...wrong.map((one) => `${screen}, ${where}: ${one}`));
        if (!/filled|choose/.test(screen)) note('focus', await page.evaluate(() => (['title', 'errors'].includes(document.activeElement.id) ? [] : [document.activeElement.outerHTML])));
        for (const language of ['en', 'zh-Hans']) {
          await page.$eval(`#language-${language}`, (e) => e.click());
          note(language, await page.evaluate(structure));
          for (const [width, height] of name === 'chromium' ? WINDOWS : WINDOWS.slice(0, 2)) {
            await page.setViewport({ width, height });
            note(`${language} ${width}`, await page.evaluate(layout));
          }
          await page.setViewport({ width: 640, height: 900 });
          await page.evaluate(() => document.documentElement.style.setProperty('font-size', '200%'));
          note(`${language} 200 %`, await page.evaluate(layout));
          await page.evaluate(() => document.documentElement.style.removeProperty('font-size'));
          note(language, await page.evaluate(contrast, 7));
          if (name !== 'chromium') continue;
          note(language, await namesAndRoles(page));
          await page.emulateMediaFeatures([{ name: 'prefers-color-scheme', value: 'dark' }]);
          note(`${language} dark`, await page.evaluate(contrast, 7));
          await page.emulateMediaFeatures([]);
        }
        if (name === 'chromium') note('forced colours', await inForcedColours(page));
        const chinese = await page.evaluate(() => {
          const copy = document.getElementById('page').cloneNode(true);
          for (const e of copy.querySelectorAll('[translate=no]')) e.remove();
          return [document.title, ...[...copy.querySelectorAll('*')].map((e) => `${e.ariaLabel ?? ''} ${[...e.childNodes].filter((n) => n.nodeType === 3).map((n) => n.data).join(' ')}`)].join('\n');
        });
        const left = chinese.replace(SAME, '').match(/[A-Za-z]{2,}/g);
        if (left) note('Chinese', [left.join(' ')]);
        await page.$eval('#language-en', (e) => e.click());
        await page.setViewport({ width: 1000, height: 900 });
      });
      assert.deepEqual(found, []);
      assert.equal(screens.size, 16, [...screens].join());
    });

    test('the checks find what is wrong where something is', async () => {
      const page = await browser.page();
      await open(page, host.url);
      await screen(page, 'start');
      await page.setViewport({ width: 320, height: 640 });
      await page.evaluate(() => {
        const add = (name, style = {}, more = {}) => {
          const e = Object.assign(document.createElement(name), more);
          Object.assign(e.style, style);
          document.getElementById('main').append(e);
        };
        add('div', { width: '700px', height: '1px' });
        add('p', { color: '#777', fontSize: '12px' }, { textContent: 'small and pale' });
        add('p', { overflow: 'hidden', width: '50px', whiteSpace: 'nowrap' }, { textContent: 'much too long for this' });
        add('h6', {}, { textContent: 'too deep' });
        add('button', { transitionDuration: '1s' }, { id: 'title' });
        add('input', { borderColor: '#fff' }, { type: 'text' });
      });
      const all = [await page.evaluate(structure), await page.evaluate(layout), await page.evaluate(contrast, 7), name === 'chromium' ? await namesAndRoles(page) : []].flat().join('\n');
      for (const wanted of [/a level left out: <h6/, /id twice: title/, /no label: <input/, /no name: <button/, /\d wide in a window of 3\d\d/, /to \d+ of 3\d\d: <div/,
        /cut off: <p/, /type of 12px: <p/, /moves: <button/, /text 4\.\d: <p/, /frame 1\.0: <input/, ...(name === 'chromium' ? [/a button without a name/, /a textbox without a name/] : [])]) assert.match(all, wanted);
      await page.close();
    });
  });
}
