// What a browser keeps of a visit on the disk: nothing that was typed, though it keeps what is typed into other pages.
import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { readFile, readdir } from 'node:fs/promises';
import path from 'node:path';
import { after, before, describe, test } from 'node:test';
import { setTimeout } from 'node:timers/promises';
import { BROWSERS, launch } from './lib/browsers.mjs';
import { sharedDrop } from './lib/shared.mjs';
import { open, takeWords, type } from './lib/source.mjs';

/** Session files every half second, and one for a crash, as a browser in daily use has. */
const KEEPING = { 'browser.sessionstore.interval': 500, 'browser.sessionstore.resume_from_crash': true };

const LZ4_MAGIC = 'mozLz40\0';

/** What a session file of Firefox holds: eight bytes, the length, and one LZ4 block. */
function unpacked(file) {
  if (!file.subarray(0, LZ4_MAGIC.length).equals(Buffer.from(LZ4_MAGIC))) return file;
  const out = Buffer.alloc(file.readUInt32LE(8));
  let at = 12;
  let to = 0;
  const length = (nibble) => {
    let sum = nibble;
    for (let byte = 255; byte === 255 && nibble === 15; sum += byte) byte = file[at++];
    return sum;
  };
  while (at < file.length) {
    const token = file[at++];
    const literals = length(token >> 4);
    file.copy(out, to, at, at + literals);
    at += literals;
    to += literals;
    if (at >= file.length) break;
    const from = to - file.readUInt16LE(at);
    at += 2;
    const end = to + length(token & 15) + 4;
    for (let i = from; to < end; i++) out[to++] = out[i]; // may run into what it writes
  }
  return out;
}

/** The files that hold a text, as UTF-8 or UTF-16. */
async function filesWith(folder, text) {
  const found = [];
  for (const entry of await readdir(folder, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue;
    // One that goes or grows while it is read is read again next time.
    const bytes = unpacked(await readFile(path.join(entry.parentPath ?? entry.path, entry.name)).catch(() => Buffer.alloc(0)));
    if (bytes.includes(text) || bytes.includes(Buffer.from(text, 'utf16le'))) found.push(entry.name);
  }
  return found;
}

for (const { name, skip } of BROWSERS.filter((b) => b.name !== 'firefox-safer')) {
  describe(`the profile, ${name}`, { skip }, () => {
    let drop;
    let started;
    before(async () => {
      drop = await sharedDrop();
      started = await launch(name, { preferences: KEEPING });
    });
    after(() => started?.close());

    test('keeps what is typed elsewhere, and nothing of what is typed here', async () => {
      const [elsewhere, message, contact] = Array.from({ length: 3 }, () => randomBytes(12).toString('hex'));
      const page = await started.page();
      await open(page, drop.link);
      const words = await takeWords(page);
      await type(page, 'message', message);
      await type(page, 'contact', contact);
      // After it, so that where this was kept that would have been.
      const other = await started.page();
      await other.goto('data:text/html,<textarea id=box></textarea>');
      await type(other, 'box', elsewhere);
      const deadline = Date.now() + 30_000;
      while ((await filesWith(started.profile, elsewhere)).length === 0 && Date.now() < deadline) await setTimeout(500);
      await started.quit();
      assert.notDeepEqual(await filesWith(started.profile, elsewhere), [], 'the browser keeps nothing: this test shows nothing');
      for (const secret of [message, contact, words.join(' '), words.slice(0, 3).join(' ')]) assert.deepEqual(await filesWith(started.profile, secret), []);
    });
  });
}
