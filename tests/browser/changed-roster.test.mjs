// A new roster is published while the source writes: the page shows who can read now, asks, and seals anew; or nothing is told.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { BROWSERS, launch } from './lib/browsers.mjs';
import { newDrop, newReport, nextRoster, secondDesk } from './lib/drop.mjs';
import { delivered, enterWords, open, press, screen, takeWords, text, write } from './lib/source.mjs';

for (const { name, skip } of BROWSERS.filter((b) => b.name !== 'firefox')) {
  describe(name, { skip }, () => {
    let drop;
    let ben;
    let started;
    let words;
    before(async () => {
      drop = await newDrop();
      ben = await secondDesk(drop);
      started = await launch(name);
    });
    after(async () => {
      await started?.close();
      await ben?.remove();
      await drop?.remove();
    });

    test('a reviewer more: declined, nothing is told; agreed, it is sealed to both, without an alarm', async () => {
      const page = await started.page();
      await open(page, drop.link);
      words = await takeWords(page);
      await nextRoster(drop);
      const message = `Written while ${name} looked away.`;
      await write(page, { message });
      await screen(page, 'changed');
      assert.match(await text(page, 'readers'), /Ana.*Ben|Ben.*Ana/);
      await press(page, 'disagree');
      await page.waitForSelector('#main[data-screen=problem]');
      assert.match(await text(page, 'reason'), /Nothing was sent/);
      const sync = await drop.reviewer.json(['sync']);
      assert.equal(sync.new + sync.followUps + sync.marked, 0);
      assert.deepEqual((await drop.reviewer.json(['inbox'])).reports, []);

      // However it is tried again, the question comes again: a no to these people is not a yes to the next button.
      await press(page, 'retry');
      await screen(page, 'changed');
      await press(page, 'disagree');
      await page.waitForSelector('#main[data-screen=problem]');
      await press(page, 'edit');
      await press(page, 'send');
      await screen(page, 'changed');
      assert.match(await page.$eval('#main section:last-of-type', (e) => e.textContent), /One person holds the key: Ana/);
      await press(page, 'agree');
      await delivered(page);
      await page.close();
      for (const reviewer of [drop.reviewer, ben]) {
        const report = await newReport(reviewer, new Set());
        const opened = await reviewer.json(['open', report.handle, '--no-receipt']);
        assert.equal(opened.text, message);
        assert.equal(opened.recipients, 2);
        assert.deepEqual(opened.alarms, []);
      }
    });

    test('the same people in a newer roster: nobody is asked, and it is sealed under the newer one', async () => {
      const seen = new Set((await drop.reviewer.json(['inbox'])).reports.map((r) => r.handle));
      const page = await started.page();
      await open(page, drop.link);
      await takeWords(page);
      await nextRoster(drop);
      await write(page, { message: 'No question asked.' });
      await delivered(page);
      await page.close();
      const report = await newReport(drop.reviewer, seen);
      assert.match(await drop.reviewer.run(['open', report.handle]), /sealed to you and 1 other · current roster · signature intact/);
    });

    test('a reviewer less, seen while looking for replies: asked before what is written then is sealed', async () => {
      const page = await started.page();
      await open(page, drop.link);
      await screen(page, 'start');
      await drop.reviewer.run(['roster', 'remove', 'Ben', '--yes']);
      await nextRoster(drop);
      await press(page, 'have-words');
      await enterWords(page, words);
      await press(page, 'check-replies');
      // Shown in a check too, or the pause would tell a server who came to tell.
      await screen(page, 'changed');
      assert.equal(await page.$('#agree'), null);
      await press(page, 'next');
      await screen(page, 'conversation');
      await press(page, 'write-again');
      await write(page, { message: 'For those who read now.' });
      await screen(page, 'changed');
      assert.match(await text(page, 'readers'), /One person holds the key: Ana/);
      await press(page, 'agree');
      await delivered(page);
      await page.close();
    });
  });
}
