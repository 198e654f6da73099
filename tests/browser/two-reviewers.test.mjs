// Two desks, one drop: both open the same report, either may answer, and each learns from the sealed copy what the other answered.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { BROWSERS, launch } from './lib/browsers.mjs';
import { newDrop, newReport, nextRoster, secondDesk } from './lib/drop.mjs';
import { delivered, open, replies, returnWith, screen, takeWords, text, write } from './lib/source.mjs';

const { name, skip } = BROWSERS.find((b) => b.name === 'chromium');

describe('two reviewers', { skip }, () => {
  let drop;
  let ben;
  let started;
  before(async () => {
    drop = await newDrop();
    ben = await secondDesk(drop);
    await nextRoster(drop);
    started = await launch(name);
  });
  after(async () => {
    await started?.close();
    await ben?.remove();
    await drop?.remove();
  });

  test('both open the same report, both can answer, and each sees the answer of the other', async () => {
    const ana = drop.reviewer;
    const page = await started.page();
    await open(page, drop.link);
    await screen(page, 'start');
    const readers = await text(page, 'readers');
    assert.match(readers, /2 people/);
    assert.match(readers, /Ana/);
    assert.match(readers, /Ben/);
    const words = await takeWords(page);
    await write(page, { message: 'Both of you should read this.' });
    await delivered(page);
    await page.close();

    const reports = { ana: await newReport(ana, new Set()), ben: await newReport(ben, new Set()) };
    const opened = { ana: await ana.json(['open', reports.ana.handle]), ben: await ben.json(['open', reports.ben.handle, '--no-receipt']) };
    assert.equal(opened.ana.text, 'Both of you should read this.');
    assert.equal(opened.ben.text, opened.ana.text);
    assert.equal(opened.ben.id, opened.ana.id);
    for (const one of Object.values(opened)) {
      assert.equal(one.recipients, 2);
      assert.deepEqual(one.alarms, []);
      assert.equal(one.verdict, 'intact');
    }

    await ben.run(['reply', reports.ben.handle, '-'], { input: 'Ben asks: which building?' });
    await ana.run(['sync']);
    const [line] = (await ana.json(['inbox'])).reports;
    assert.match(JSON.stringify(line), /answered/i);
    assert.deepEqual((await ana.json(['inbox', '--unanswered'])).reports, []);
    const seenByAna = (await ana.json(['open', reports.ana.handle])).replies;
    assert.ok(seenByAna.some((r) => r.message === 'Ben asks: which building?' && !r.mine), JSON.stringify(seenByAna));

    await ana.run(['reply', reports.ana.handle, '-'], { input: 'Ana asks: since when?' });
    await ben.run(['sync']);
    const seenByBen = (await ben.json(['open', reports.ben.handle])).replies;
    assert.ok(seenByBen.some((r) => r.message === 'Ana asks: since when?' && !r.mine), JSON.stringify(seenByBen));

    const second = await started.page();
    await open(second, drop.link);
    await returnWith(second, words);
    const shown = (await replies(second)).join(' | ');
    assert.match(shown, /From Ben[^|]*Ben asks: which building\?/s);
    assert.match(shown, /From Ana[^|]*Ana asks: since when\?/s);
    assert.equal(await second.$('#unchecked'), null);
    await second.close();
  });
});
