// What the page says of files: sizes, what they can give away, less room without them; and a file that changes while it is sealed.
import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { after, before, describe, test } from 'node:test';
import { BROWSERS } from './lib/browsers.mjs';
import { openWithFiles, received } from './lib/drop.mjs';
import { hostileHost } from './lib/proxy.mjs';
import { file, sharedBrowser, sharedDrop } from './lib/shared.mjs';
import { addFiles, delivered, discard, open, press, problem, screen, takeWords, text, value, write } from './lib/source.mjs';

for (const { name, skip } of BROWSERS.filter((b) => b.name !== 'firefox-safer')) {
  describe(`files, ${name}`, { skip }, () => {
    let drop;
    let host;
    before(async () => {
      drop = await sharedDrop();
      host = await hostileHost(drop.server.port);
    });
    after(() => host?.close());
    const form = async () => {
      const page = await (await sharedBrowser(name)).page();
      await open(page, `${host.url}/${new URL(drop.link).hash}`);
      await takeWords(page);
      return page;
    };

    test('each with its size, what its kind can give away; the last one removed, the room for text is smaller, and said to be', async () => {
      const page = await form();
      assert.equal(await page.$('#file-warning'), null);
      const small = await text(page, 'room');
      await addFiles(page, await file('picture.jpg', randomBytes(1234)), await file('letter.docx', 'x'));
      assert.match(await text(page, 'file-list'), /picture\.jpg1\.2 KB.*letter\.docx1 byte\b/s);
      const warning = await text(page, 'file-warning');
      assert.match(warning, /Photographs and videos can hold the place and time/);
      assert.match(warning, /does not remove that: it sends files just as they are/);
      assert.match(warning, /Documents can hold the name of whoever wrote/);
      assert.match(warning, /names of the files are sent along/);
      const large = await text(page, 'room');
      const characters = (room) => Number(/[\d,]+/.exec(room)[0].replaceAll(',', ''));
      assert.ok(characters(large) > 10 * characters(small), `${small} ${large}`);
      await press(page, 'remove-1');
      const status = () => page.$eval('#files-note', (e) => e.innerText);
      assert.match(await status(), /picture\.jpg was removed/);
      assert.doesNotMatch(await status(), /less room/);
      assert.doesNotMatch(await text(page, 'file-warning'), /Photographs/);
      await press(page, 'remove-1');
      assert.match(await status(), /Without files there is less room for text/);
      assert.equal(await text(page, 'room'), small);
      assert.equal(await page.evaluate(() => document.activeElement.id), 'files');
      await discard(page);
    });

    test('changed between digest and sealing: named, nothing committed; chosen anew it arrives', async () => {
      const page = await form();
      const message = `The ledger of ${name}.`;
      const changing = await file(`ledger-${name}.bin`, randomBytes(3_000_000));
      host.requests.length = 0;
      host.state.hold = /ticket/;
      await write(page, { message, files: [changing] });
      await host.held();
      // The same length, so that only the bytes can tell.
      const bytes = randomBytes(3_000_000);
      await writeFile(changing, bytes);
      host.release();
      assert.match(await problem(page), new RegExp(`“ledger-${name}\\.bin” changed or was moved.*Nothing was delivered`));
      assert.deepEqual(host.requests.filter((r) => r.endsWith('/commit')), []);
      await press(page, 'edit');
      await screen(page, 'report');
      assert.equal(await value(page, 'message'), message);
      await press(page, 'remove-1');
      await addFiles(page, changing);
      await press(page, 'send');
      await delivered(page);
      await page.close();
      const { opened, files } = await openWithFiles(drop.reviewer, (await received(drop.reviewer, message)).handle);
      assert.deepEqual(opened.alarms, []);
      assert.ok(files[0].equals(bytes));
    });
  });
}
