// What the page says of files: sizes, what they can give away, less room without them; and a file that changes while it is sealed.
import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { rename, rm, truncate, writeFile } from 'node:fs/promises';
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
      assert.match(await text(page, 'file-list'), /picture\.jpg1\.2 KB.*letter\.docx1 byteRemove/s);
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

    test('gone between choosing and sending: named, nothing sent; without it, or back again, the report goes', async () => {
      const page = await form();
      const message = `The note of ${name}.`;
      const note = await file(`note-${name}.txt`, `in the drawer, ${name}`);
      host.requests.length = 0;
      await addFiles(page, note);
      await rename(note, `${note}.away`);
      await write(page, { message });
      assert.match(await problem(page), new RegExp(`“note-${name}\\.txt” changed or was moved`));
      assert.deepEqual(host.requests.filter((r) => !r.startsWith('GET ')), []);
      await rename(`${note}.away`, note);
      await press(page, 'edit');
      await press(page, 'remove-1');
      await addFiles(page, note);
      await press(page, 'send');
      await delivered(page);
      await page.close();
      const { files } = await openWithFiles(drop.reviewer, (await received(drop.reviewer, message)).handle);
      assert.equal(String(files[0]), `in the drawer, ${name}`);
    });

    test('of no bytes, of the same name twice, with a name that could hurt: all arrive as they are, in order', async () => {
      const page = await form();
      const message = `Odd files of ${name}.`;
      const odd = `..\u202Egpj.exe <b>&amp; ${name}`;
      await addFiles(page, await file(`empty-${name}.txt`, ''), await file(odd, name));
      await addFiles(page, await file(`empty-${name}.txt`, ''));
      assert.match(await text(page, 'file-list'), /0 bytes.*\d+ bytes.*0 bytes/s);
      assert.ok((await text(page, 'file-list')).includes(odd));
      assert.equal(await page.$eval('#file-list bdi', (e) => getComputedStyle(e).unicodeBidi), 'isolate');
      assert.equal(await page.$('#file-list b'), null);
      await write(page, { message });
      await delivered(page);
      await page.close();
      const { opened, files } = await openWithFiles(drop.reviewer, (await received(drop.reviewer, message)).handle);
      assert.deepEqual(files.map(String), ['', name, '']);
      assert.deepEqual(opened.alarms, []);
    });

    test('too large together, or too many: said before anything is sent, and put right by removing', async () => {
      const page = await form();
      const large = await file(`large-${name}.bin`, '');
      await truncate(large, 5 * 2 ** 30);
      await addFiles(page, large);
      host.requests.length = 0;
      await press(page, 'send');
      assert.match(await text(page, 'errors'), /All files together may have about 5\.4 GB\. Remove some/);
      assert.equal(await page.evaluate(() => document.activeElement.id), 'errors');
      await press(page, 'remove-1');
      await rm(large);
      assert.doesNotMatch(await text(page, 'errors').catch(() => ''), /5\.4 GB/);
      // A person drops a folder's content; here the choice is made by the page's own means, as no test types 5,001 names.
      await page.$eval('#files', (input) => {
        const choice = new DataTransfer();
        for (let n = 0; n < 5001; n++) choice.items.add(new File(['x'], `${n}.txt`));
        input.files = choice.files;
        input.dispatchEvent(new Event('change'));
      });
      await page.waitForFunction(() => document.querySelectorAll('#file-list li').length === 5001);
      await press(page, 'send');
      assert.match(await text(page, 'errors'), /At most 5,000 files can be sent at once/);
      await page.$eval('#remove-1', (e) => e.click());
      assert.equal(await page.$eval('#errors', (e) => e.innerText).catch(() => ''), '');
      assert.deepEqual(host.requests, []);
      await discard(page);
    });
  });
}
