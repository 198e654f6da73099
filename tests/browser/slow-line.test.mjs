// A line so slow that the server would have given up before the end: said beside the files, and measured before anything is sent.
import assert from 'node:assert/strict';
import { truncate } from 'node:fs/promises';
import { after, before, describe, test } from 'node:test';
import { BROWSERS } from './lib/browsers.mjs';
import { brittleLine } from './lib/proxy.mjs';
import { file, sharedBrowser, sharedDrop } from './lib/shared.mjs';
import { addFiles, discard, open, press, problem, screen, takeWords, type, value } from './lib/source.mjs';

const { name, skip } = BROWSERS[0];

describe('a slow line', { skip }, () => {
  let drop;
  let line;
  before(async () => {
    drop = await sharedDrop();
    await drop.reviewer.run(['sync']);
    line = await brittleLine(drop.server.port);
  });
  after(() => line?.close());

  test('weeks for what was to be sent: an empty sealed message goes in its place, and what was written is kept', async () => {
    const large = await file('film.bin', '');
    await truncate(large, 400 * 2 ** 20);
    const page = await (await sharedBrowser(name)).page();
    // A clock ten times as fast: 20 KB a second are 2 KB.
    await page.evaluateOnNewDocument(() => {
      const now = performance.now.bind(performance);
      performance.now = () => now() * 10;
    });
    await open(page, `${line.url}/${new URL(drop.link).hash}`);
    await takeWords(page);
    await addFiles(page, large);
    assert.match(await page.$eval('#files', (e) => e.closest('.field').innerText), /100 KB a second this takes about 1 hour\. The server waits two days/);
    await type(page, 'message', 'A long film.');
    const before = line.sent();
    line.downRate = 20_000;
    await press(page, 'send');
    assert.match(await problem(page), /it would take about \d+ hours, and the server does not wait that long/);
    const sent = line.sent() - before;
    assert.ok(sent > 67_000 && sent < 75_000, `${sent} bytes`);
    await press(page, 'edit');
    await screen(page, 'report');
    assert.equal(await value(page, 'message'), 'A long film.');
    await discard(page);
  });
});
