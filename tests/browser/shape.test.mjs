// Telling, telling more, and only looking are the same to whoever watches the line: the same requests, in the same order, of the
// same sizes, as a host in between counts them, whatever was written and whatever was found.
import assert from 'node:assert/strict';
import { before, after, describe, test } from 'node:test';
import { BROWSERS } from './lib/browsers.mjs';
import { received } from './lib/drop.mjs';
import { hostileHost } from './lib/proxy.mjs';
import { sharedBrowser, sharedDrop } from './lib/shared.mjs';
import { delivered, discard, enterWords, open, press, replies, returnWith, screen, takeWords, write } from './lib/source.mjs';

for (const { name, skip } of BROWSERS.filter((b) => b.name !== 'firefox')) {
  describe(`constant shape, ${name}`, { skip }, () => {
    let drop;
    let host;
    before(async () => {
      drop = await sharedDrop();
      host = await hostileHost(drop.server.port);
    });
    after(() => host?.close());

    /** What an onlooker sees of a visit, from the opening of the page on; upload ids, which are random, by their length. */
    async function seen(steps) {
      host.exchanges.length = 0;
      const page = await (await sharedBrowser(name)).page();
      await open(page, `${host.url}/${new URL(drop.link).hash}`);
      const result = await steps(page);
      const shape = host.exchanges.map(({ line, ...sizes }) => ({ line: line.replace(/[0-9a-f]{32}/, (id) => '#'.repeat(id.length)), ...sizes }));
      await discard(page);
      return { shape, result };
    }
    const report = (message) => async (page) => {
      const words = await takeWords(page);
      await write(page, { message });
      await delivered(page);
      return words;
    };

    test('a report, a long follow-up, a check that finds replies and one that finds none', async () => {
      const first = `Shape of ${name}.`;
      const { result: words } = await seen(report(first));
      const { handle } = await received(drop.reviewer, first);
      await drop.reviewer.run(['reply', handle, '-'], { input: 'Found.' });

      const visits = {
        report: await seen(report('x')),
        'follow-up': await seen(async (page) => {
          await screen(page, 'start');
          await press(page, 'have-words');
          await enterWords(page, words);
          await press(page, 'follow-up');
          await page.waitForSelector('#message');
          await page.$eval('#message', (e) => {
            e.value = '长'.repeat(15_000);
            e.dispatchEvent(new InputEvent('input', { bubbles: true }));
          });
          await write(page, { message: '.' });
          await delivered(page);
        }),
        'check with replies': await seen(async (page) => {
          await returnWith(page, words);
          return replies(page);
        }),
        'check without': await seen(async (page) => {
          await returnWith(page, [...Array(11).fill('abandon'), 'about']);
          return replies(page);
        }),
      };
      assert.match(visits['check with replies'].result.join(), /Found\./);
      assert.deepEqual(visits['check without'].result, []);
      const { shape } = visits.report;
      assert.deepEqual(shape.map(({ line }) => line.replace(/\d{4}-\d\d-\d\d/, 'DAY')), [
        'GET /', 'GET /api/v1/roster', // on opening
        'GET /api/v1/roster', 'GET /api/v1/dead-drops', 'GET /api/v1/dead-drops/DAY/0', 'GET /api/v1/ticket', `PUT /api/v1/reports/${'#'.repeat(32)}`,
      ]);
      assert.equal(shape.at(-1).status, 204);
      assert.equal(shape.at(-1).body, 86 + 1557 + 65536 + 16);
      for (const [what, visit] of Object.entries(visits)) assert.deepEqual(visit.shape, shape, what);
    });
  });
}
