// Nobody who watches the wire can tell a first report, a follow-up and a look apart: recorded in a real browser, from the button on,
// a classifier that learnt from half of the visits does no better on the rest than a coin. The follow-ups are as long as a report can
// be, the first reports a few words: what takes longest stands against what takes least. And the classifiers can see: a look without
// its decoy, or one that takes 80 ms longer, is found.
// SHAPE_VISITS is how many of each kind (20 unless set), SHAPE_BROWSERS where; `./test shape` is 200, also at the Safer level, unless
// they are set.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { BROWSERS } from './lib/browsers.mjs';
import { luck, shuffled, tellApart } from './lib/classifier.mjs';
import { newDrop } from './lib/drop.mjs';
import { prepare, runPrepared } from './lib/quick.mjs';
import { sharedBrowser } from './lib/shared.mjs';
import { features, recordingLine } from './lib/wire.mjs';

const VISITS = Number(process.env.SHAPE_VISITS ?? 20);
/** In the short run the second in which a page seals passes in half of one in Chromium, which needs a tenth: the suite stays short. */
const haste = (name) => (VISITS < 200 && name === 'chromium' ? 2 : 1);
const WANTED = process.env.SHAPE_BROWSERS?.split(',') ?? ['chromium'];
const KINDS = ['report', 'follow-up', 'check'];
const PAIRS = [['report', 'follow-up'], ['report', 'check'], ['follow-up', 'check']];
const WAYS = 3;
/** By luck alone one run in a thousand may fail: so each of its comparisons one in nine thousand (Bonferroni). */
const RARE = 0.001;
const MESSAGES = { report: 'A few words.', 'follow-up': 'a'.repeat(60_000), check: '' };

for (const { name, skip } of BROWSERS.filter((b) => WANTED.includes(b.name))) {
  describe(`seen on the wire, ${name}`, { skip }, () => {
    let drop;
    let line;
    let page;
    before(async () => {
      drop = await newDrop({ settings: { 'Source:Hosts:0': 'localhost' } });
      await drop.reviewer.run(['sync']); // so that there is a dead drop
      line = await recordingLine(drop.server.port);
      page = await (await sharedBrowser(name)).page();
    });
    after(async () => {
      await line?.close();
      await drop?.remove();
    });

    /** One visit: what a watcher sees of it, and the server. */
    async function visit(kind, change) {
      await page.goto('about:blank');
      await page.goto(`${line.url}/${new URL(drop.link).hash}`, { waitUntil: 'load' });
      const button = await prepare(page, { kind, message: MESSAGES[kind], change, haste: haste(name) });
      await new Promise((resolve) => setTimeout(resolve, 60 + 60 * Math.random()));
      const stop = line.record();
      await runPrepared(page, button);
      const { events, requests } = stop();
      return { seen: features(events), requests: JSON.stringify(requests) };
    }

    /** So many of each, one kind after another in an order of chance: what else the machine does belongs to no kind. */
    async function visits(kinds, count, change = {}) {
      const found = Object.fromEntries(kinds.map((kind) => [kind, []]));
      const started = Date.now();
      for (let round = 0; round < count; round++) {
        // Whoever waits for an hour wants to know how far it is.
        if (VISITS >= 200 && round > 0 && round % 20 === 0) console.log(`${name}: ${round} of ${count} visits of each kind, ${Math.round((Date.now() - started) / 1000)} s`);
        for (const kind of shuffled(kinds)) found[kind].push(await visit(kind, change[kind]));
      }
      return found;
    }
    function compare(found, one, other, chance) {
      const { right, of } = tellApart(found[one].map(({ seen }) => seen), found[other].map(({ seen }) => seen));
      const bound = luck(of, chance);
      const said = `${one} / ${other}: ${Object.entries(right).map(([way, n]) => `${way} ${n}`).join(', ')} of ${of} right; by luck fewer than ${bound}`;
      return { best: Math.max(...Object.values(right)), bound, said };
    }

    test(`${VISITS} visits of each kind: the same requests of the same sizes, and no kind is told from another`, async (t) => {
      await visits(KINDS, 2); // what a browser does once
      const found = await visits(KINDS, VISITS);
      const shapes = new Set(KINDS.flatMap((kind) => found[kind].map(({ requests }) => requests)));
      assert.equal(shapes.size, 1, [...shapes].join('\n'));
      for (const [one, other] of PAIRS) {
        const { best, bound, said } = compare(found, one, other, RARE / (PAIRS.length * WAYS));
        t.diagnostic(said);
        assert.ok(best < bound, said);
      }
    });

    for (const [what, change, count] of [['without its decoy', 'no decoy', 12], ['that asks for its ticket 80 ms later', 'delay', 16]]) {
      test(`a look ${what} is found: the classifiers can see`, async (t) => {
        const { best, bound, said } = compare(await visits(['report', 'check'], count, { check: change }), 'report', 'check', RARE / WAYS);
        t.diagnostic(said);
        assert.ok(best >= bound, said);
      });
    }
  });
}
