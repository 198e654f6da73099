// Beside floods of bad input a source in a browser at the Safer level gets its report in, the server stays small, and it writes nothing
// down. The floods are the benchmark's, bounded in time; how long the report took is told and not asserted: this machine may be busy.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, test } from 'node:test';
import { BROWSERS } from './lib/browsers.mjs';
import { ROOT, newDrop, received } from './lib/drop.mjs';
import { sharedBrowser } from './lib/shared.mjs';
import { delivered, open, takeWords, write } from './lib/source.mjs';

const FLOODER = path.join(ROOT, 'tests/SecureDrop.Benchmarks/bin/Release/net10.0/SecureDrop.Benchmarks.dll');
/** Longer than a visit takes: the flood is ended when the report has arrived. */
const LONGEST_IN_SECONDS = 150;
const MOST_RESIDENT_IN_BYTES = 300e6;

const { name, skip } = BROWSERS.find((b) => b.name === 'firefox-safer');

describe(`beside a flood, ${name}`, { skip }, () => {
  /** One of the floods, once it is under way. */
  async function flood(drop, word) {
    const child = spawn('dotnet', [FLOODER, 'flood', 'at', drop.server.url, String(LONGEST_IN_SECONDS), word], { stdio: ['ignore', 'pipe', 'pipe'] });
    let printed = '';
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (bytes) => (printed += bytes));
    while (!printed.includes('under way')) {
      if (child.exitCode !== null) throw new Error(`the flood ended: ${printed}`);
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
    return {
      isRunning: () => child.exitCode === null,
      async end() {
        if (child.exitCode !== null) return;
        child.kill('SIGKILL');
        await once(child, 'close');
      },
    };
  }

  // Bogus nonces cost something where work is asked for; clients are slow where it costs nothing to be.
  for (const [word, difficulty] of [['bogus nonces a second', 6], ['slow clients', 0]]) {
    test(`${word}: a report gets in, in less than 300 MB of the server's`, async (t) => {
      const drop = await newDrop({ settings: { 'Source:Hosts:0': 'localhost', 'Tickets:LeastDifficulty': String(difficulty) } });
      t.after(() => drop.remove());
      const attack = await flood(drop, word);
      try {
        const began = performance.now();
        const page = await (await sharedBrowser(name)).page();
        await open(page, drop.link);
        await takeWords(page);
        await write(page, { message: `Amid ${word}.` });
        await delivered(page);
        t.diagnostic(`from opening the page until it was delivered: ${((performance.now() - began) / 1000).toFixed(1)} s`);
        assert.ok(attack.isRunning(), 'the flood was over before the report');
        await page.close();
      } finally {
        await attack.end();
      }
      const peak = Number(/^VmHWM:\s+(\d+) kB$/m.exec(await readFile(`/proc/${drop.server.pid}/status`, 'utf8'))[1]) * 1024;
      t.diagnostic(`most resident: ${(peak / 1e6).toFixed(0)} MB`);
      assert.ok(peak < MOST_RESIDENT_IN_BYTES, `${peak}`);
      assert.doesNotMatch(drop.server.printed(), /fault|warning/);
      await received(drop.reviewer, `Amid ${word}.`);
    });
  }
});
