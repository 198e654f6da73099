// The line breaks in the middle of an attachment: the page goes on with the parts it has sealed, and the same bytes arrive, once.
import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { before, after, describe, test } from 'node:test';
import { BROWSERS } from './lib/browsers.mjs';
import { openWithFiles, received } from './lib/drop.mjs';
import { brittleLine } from './lib/proxy.mjs';
import { file, sharedBrowser, sharedDrop } from './lib/shared.mjs';
import { delivered, hurry, open, press, problem, takeWords, write } from './lib/source.mjs';

const MiB = 2 ** 20;

for (const { name, skip } of BROWSERS.filter((b) => b.name !== 'firefox')) {
  describe(`a broken line, ${name}`, { skip }, () => {
    let drop;
    let line;
    before(async () => {
      drop = await sharedDrop();
      line = await brittleLine(drop.server.port);
    });
    after(() => line?.close());

    test('cut for good, then for a moment: taken up again under the same ticket, nothing sent twice but the cut parts', async () => {
      const bytes = randomBytes(5 * MiB);
      const message = `Cut in ${name}.`;
      const page = await (await sharedBrowser(name)).page();
      await hurry(page);
      await open(page, `${line.url}/${new URL(drop.link).hash}`);
      await takeWords(page);
      const before = line.sent();
      line.cutAfter(4.5 * MiB, { stayDown: true });
      await write(page, { message, files: [await file(`${name}.bin`, bytes)] });
      assert.match(await problem(page), /The connection broke/);
      line.mend();
      line.cutAfter(0.6 * MiB);
      await press(page, 'retry');
      await delivered(page);
      await page.close();
      assert.equal(line.cuts(), 2);
      // 5 MiB are of the class of 5 MiB and a quarter or 6; a fresh start would be 10 MiB and more.
      assert.ok(line.sent() - before < 8.5 * MiB, `${line.sent() - before} bytes were sent`);

      const report = await received(drop.reviewer, message);
      const { opened, files } = await openWithFiles(drop.reviewer, report.handle);
      assert.equal(opened.text, message);
      assert.deepEqual(opened.alarms, []);
      assert.ok(files[0].equals(bytes));
    });
  });
}
