// A person at the Safer level beside a flood of valid-looking texts that never pauses: the report goes in while the flood goes on,
// and arrives once. How long it took is said; docs/performance.md has the figures of every kind of flood.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { after, before, describe, test } from 'node:test';
import { BROWSERS } from './lib/browsers.mjs';
import { newDrop, received, ROOT } from './lib/drop.mjs';
import { sharedBrowser } from './lib/shared.mjs';
import { open, press, screen, takeWords, write } from './lib/source.mjs';

const BENCHMARKS = path.join(ROOT, 'tests/SecureDrop.Benchmarks/bin/Release/net10.0/SecureDrop.Benchmarks.dll');
// Another kind by a word of its name: FLOOD='bogus nonces a second' node --test flood.test.mjs
const FLOOD = { word: process.env.FLOOD ?? 'texts', seconds: 240 };
const { skip } = BROWSERS.find((b) => b.name === 'firefox-safer');

/** A flood of the kind that `word` names, under way; `end` ends it. */
async function flood(url, { word, seconds }) {
  const child = spawn('dotnet', [BENCHMARKS, 'flood', 'at', url, String(seconds), word], { stdio: ['ignore', 'pipe', 'pipe'] });
  let printed = '';
  child.stdout.on('data', (d) => (printed += d));
  child.stderr.on('data', (d) => (printed += d));
  while (!printed.includes('under way')) {
    assert.equal(child.exitCode, null, `the flood ended: ${printed}`);
    await new Promise((r) => setTimeout(r, 50));
  }
  return {
    isUnderWay: () => child.exitCode === null && child.signalCode === null,
    async end() {
      if (!this.isUnderWay()) return;
      child.kill('SIGKILL');
      await once(child, 'close');
    },
  };
}

/** Opens the page as a person does: where it says that there is no place now, again after a moment. */
async function openInTheEnd(page, url) {
  for (let times = 0; times < 20; times++) {
    const answer = await page.goto(url, { waitUntil: 'load' }).catch(() => null);
    if (answer?.ok()) return times;
    await new Promise((r) => setTimeout(r, 2000));
  }
  return assert.fail('the page did not open');
}

/** Until the report is in: "Try again" where the page says that the server is busy, as a person would. */
async function deliveredInTheEnd(page) {
  for (let times = 0; times < 20; times++) {
    if ((await screen(page, 'done', 'problem')) === 'done') return times;
    await press(page, 'retry');
    await page.waitForFunction(() => document.querySelector('#main').dataset.screen !== 'problem');
  }
  return assert.fail('the report did not go in');
}

describe('beside a flood', { skip }, () => {
  let drop;
  let water;
  before(async () => {
    drop = await newDrop();
    water = await flood(drop.server.url, FLOOD);
  });
  after(async () => {
    await water?.end();
    await drop?.remove();
  });

  test('firefox-safer: a report goes in while the flood goes on, and arrives once', async (t) => {
    const page = await (await sharedBrowser('firefox-safer')).page();
    const came = Date.now();
    const opened = await openInTheEnd(page, drop.link);
    await takeWords(page);
    const pressed = Date.now();
    await write(page, { message: 'Above the water.' });
    const tried = await deliveredInTheEnd(page);
    t.diagnostic(`page and form ${pressed - came} ms, ${opened} times again; from the message on ${Date.now() - pressed} ms, ${tried} times again`);
    assert.ok(water.isUnderWay(), 'the flood had ended');
    await page.close();
    await water.end();
    await received(drop.reviewer, 'Above the water.');
    const said = drop.server.printed().split('\n').filter((line) => /fail|fault|error|unexpected/i.test(line));
    assert.deepEqual(said, []);
  });
});
