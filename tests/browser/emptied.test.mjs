// A page that the browser keeps in memory for going back holds none of its words, in elements that its code still holds either.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { BROWSERS, launch } from './lib/browsers.mjs';
import { newDrop } from './lib/drop.mjs';
import { open, press, screen } from './lib/source.mjs';

for (const { name, skip } of BROWSERS.filter((b) => b.name !== 'firefox')) {
  describe(name, { skip }, () => {
    let drop;
    let started;
    before(async () => {
      drop = await newDrop();
      started = await launch(name);
    });
    after(async () => {
      await started?.close();
      await drop?.remove();
    });

    test('the twelve words on the screen are gone once the page is hidden', async () => {
      const page = await started.page();
      await open(page, drop.link);
      await screen(page, 'start');
      await press(page, 'write');
      await screen(page, 'codename');
      const [before, after] = await page.evaluate(() => {
        const main = document.querySelector('#main');
        const words = document.querySelectorAll('#words li').length;
        dispatchEvent(new PageTransitionEvent('pagehide', { persisted: true }));
        return [words, main.textContent];
      });
      assert.equal(before, 12);
      assert.equal(after, '');
      await page.close();
    });
  });
}
