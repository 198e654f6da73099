// One real report, from a browser to a terminal and back: the page as it is served, the server and the reviewer's tool as they are
// shipped. Nothing is stubbed.
import assert from 'node:assert/strict';
import { createHash, randomBytes } from 'node:crypto';
import { mkdtemp, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, before, describe, test } from 'node:test';
import { BROWSERS, launch } from './lib/browsers.mjs';
import { desk, startServer } from './lib/drop.mjs';
import { delivered, open, press, replies, returnWith, screen, takeWords, write } from './lib/source.mjs';

const sha256 = (bytes) => createHash('sha256').update(bytes).digest('hex');

let server;
let reviewer;
let link;
let folder;

before(async () => {
  server = await startServer();
  reviewer = await desk();
  folder = await mkdtemp(path.join(tmpdir(), 'securedrop-cycle-'));
  const made = await reviewer.json(['init', '--name', 'The Test Paper', '--url', server.url, '--server', server.reviewerUrl, '--as', 'Ana']);
  link = made.link;
  await reviewer.run(['roster', 'publish', '--setup-token-file', '-'], { input: `${server.setupToken}\n` });
});

after(async () => {
  await server?.remove();
  await reviewer?.remove();
  if (folder) await rm(folder, { recursive: true, force: true });
});

// Reports of one day have no order, on purpose: the new one is the one that was not there before.
const seen = new Set();
async function newest() {
  const fresh = (await reviewer.json(['inbox'])).reports.filter((r) => !seen.has(r.handle));
  for (const report of fresh) seen.add(report.handle);
  assert.equal(fresh.length, 1);
  return fresh[0];
}

for (const { name, skip } of BROWSERS) {
  describe(name, { skip }, () => {
    let started;
    before(async () => { started = await launch(name); });
    after(() => started?.close());

    test('a report with a large attachment, a reply, and a follow-up that is recognised', async () => {
      const attachment = path.join(folder, `${name}.bin`);
      const bytes = randomBytes(30 * 1024 * 1024 + 17);
      await writeFile(attachment, bytes);
      const message = `The valve in ${name} leaks.`;
      const first = await started.page();
      await open(first, link);
      const words = await takeWords(first);
      await write(first, { message, files: [attachment] });
      await delivered(first);
      await first.close();

      await reviewer.run(['sync']);
      const report = await newest();
      const out = path.join(folder, `out-${name}`);
      const opened = await reviewer.json(['open', report.handle, '--out', out]);
      assert.equal(opened.text, message, JSON.stringify(opened).slice(0, 500));
      const written = (await readdir(out, { recursive: true, withFileTypes: true })).filter((e) => e.isFile());
      const found = [];
      for (const entry of written) found.push(sha256(await readFile(path.join(entry.parentPath ?? entry.path, entry.name))));
      assert.ok(found.includes(sha256(bytes)), `the attachment is not among ${written.map((e) => e.name)}`);

      await reviewer.run(['reply', report.handle, '-'], { input: `We read it in ${name}. Where is the valve?` });

      const second = await started.page();
      await open(second, link);
      await returnWith(second, words);
      const shown = await replies(second);
      assert.ok(shown.some((r) => r.includes(`We read it in ${name}.`)), shown.join(' | '));
      await press(second, 'write-again');
      await write(second, { message: `In the cellar of ${name}.` });
      await delivered(second);
      await second.close();

      await reviewer.run(['sync']);
      const followUp = await newest();
      assert.equal(followUp.conversation, report.conversation);
      assert.equal((await reviewer.json(['open', followUp.handle])).text, `In the cellar of ${name}.`);
    });

    test('words that nobody has written with find nothing, and the page says what that can mean', async () => {
      const page = await started.page();
      await open(page, link);
      await returnWith(page, [...Array(11).fill('abandon'), 'about']);
      await page.waitForSelector('#nothing');
      assert.equal((await replies(page)).length, 0);
      await page.close();
    });

    test('a link with the key of another drop is refused', async () => {
      const page = await started.page();
      await open(page, `${server.url}/#RWSiWBcSvLbuFUL6D8RAe+LEA1ZjM5Y6o5Tfw/YIHegZOmjkdzNIF6ot`);
      await page.waitForFunction(() => document.querySelector('#main')?.dataset.screen === 'refused');
      assert.equal(await page.$('#write'), null);
      await page.close();
    });
  });
}
