// Without JavaScript nothing can be sealed: the page says so in plain words, and what to do. It asks for nothing, and sends nothing.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { BROWSERS, launch } from './lib/browsers.mjs';
import { hostileHost } from './lib/proxy.mjs';
import { sharedDrop } from './lib/shared.mjs';

/** Firefox runs no script at all then, a test's neither: elements are found and read from outside. Scripting being on, a noscript holds none. */
async function textsOf({ browser }, page, selector) {
  const { result } = await browser.connection.send('browsingContext.locateNodes', {
    context: page.mainFrame().browsingContext.id,
    locator: { type: 'css', value: selector },
    serializationOptions: { maxDomDepth: 9 },
  });
  const text = ({ value }) => value.nodeValue ?? (value.children ?? []).map(text).join('');
  return result.nodes.map(text);
}

const CONTROLS = 'input, textarea, button, form';

for (const { name, skip } of BROWSERS.filter((b) => b.name !== 'firefox-safer')) {
  describe(`without JavaScript, ${name}`, { skip }, () => {
    let started;
    let host;
    before(async () => {
      host = await hostileHost((await sharedDrop()).server.port);
      started = await launch(name, { javascript: false });
    });
    after(async () => {
      await started?.close();
      await host?.close();
    });

    test('says what is missing and how to get it, in both languages, and nothing can be filled in', async () => {
      const page = await started.page();
      await page.goto(host.url, { waitUntil: 'load' });
      const [shown, controls] = name === 'chromium'
        ? await page.evaluate((all) => [document.body.innerText, document.querySelectorAll(all).length], CONTROLS)
        : [(await textsOf(started, page, 'noscript p, noscript h1, noscript h2')).join('\n'), (await textsOf(started, page, CONTROLS)).length];
      assert.match(shown, /This page cannot seal anything yet/);
      assert.match(shown, /That takes JavaScript, and it is turned off/);
      assert.match(shown, /choose “Settings”, then the level “Safer”/);
      assert.match(shown, /本页现在还不能密封/);
      assert.match(shown, /更安全/);
      assert.doesNotMatch(shown, /Opening…/);
      assert.equal(controls, 0);
      assert.deepEqual(host.requests, ['GET /']);
      await page.close();
    });
  });
}
