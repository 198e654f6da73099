// What a browser that ends in the midst of a report keeps of it on the disk: nothing that was typed, though it keeps what is typed into
// other pages. What it keeps of a conversation that was finished is forensics.test.mjs's.
import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { after, before, describe, test } from 'node:test';
import { setTimeout } from 'node:timers/promises';
import { BROWSERS, KEEPING, launch } from './lib/browsers.mjs';
import { foundInFiles, phrases, searcher } from './lib/search.mjs';
import { sharedDrop } from './lib/shared.mjs';
import { open, takeWords, type } from './lib/source.mjs';

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
      const control = searcher({ elsewhere });
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
      while ((await foundInFiles(started.profile, control)).length === 0 && Date.now() < deadline) await setTimeout(500);
      await started.quit();
      assert.notDeepEqual(await foundInFiles(started.profile, control), [], 'the browser keeps nothing: this test shows nothing');
      assert.deepEqual(await foundInFiles(started.profile, searcher({ message, contact, words: phrases(words, 3).flat() })), []);
    });
  });
}
