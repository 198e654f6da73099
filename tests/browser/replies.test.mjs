// What a source is shown of the dead drops: its own replies, oldest first, with signer, day and gaps; what fails any check is counted
// and never shown, and stands in the way of nothing.
import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { after, before, describe, test } from 'node:test';
import { BROWSERS } from './lib/browsers.mjs';
import { hostileHost } from './lib/proxy.mjs';
import { dayFromNow, madeUpDrop } from './lib/roster.mjs';
import { sharedBrowser, sharedDrop } from './lib/shared.mjs';
import { codenameKeys, signingKey } from './lib/signing.mjs';
import { found, replyTo, slot, SLOT_IN_BYTES } from './lib/slots.mjs';
import { open, press, replies, returnWith, text } from './lib/source.mjs';

const WORDS = [...Array(11).fill('abandon'), 'about'];
const OTHERS = [...Array(11).fill('zoo'), 'wrong'];
const MARKUP = '<img src=x onerror="document.title=1"> \u202Edlo\u202C &amp; <b>bold</b>';
const UNCHECKED = ['nobody known', 'after he left', 'another conversation', 'another drop', 'another purpose', 'from tomorrow', 'three weeks old', 'of a format to come', 'a contradicting part'];

/** The days of a dead drop to the slots in it, and the order in which they are to be shown. */
async function conversation({ drop, reviewers: [ana, ben, left] }) {
  const keys = await codenameKeys(WORDS, drop.text);
  const others = await codenameKeys(OTHERS, drop.text);
  const written = (daysAgo, message, changes = {}) => replyTo(drop.text, keys, { day: dayFromNow(-daysAgo), message, ...changes });
  const by = (reviewer, ...given) => slot(keys, written(...given), reviewer.signing);
  const long = { id: randomBytes(16).toString('hex'), parts: 3 };
  const once = await by(ana, 6, 'Said once.');
  return [
    [40, [await by(ana, 40, 'TOO OLD A DAY')]],
    [9, [await by(left, 10, 'Before I left.'), await slot(others, replyTo(drop.text, others, { day: dayFromNow(-9), message: 'FOR SOMEBODY ELSE' }), ana.signing)]],
    [6, [
      once,
      await by(left, 7, 'after he left'),
      await slot(keys, written(6, 'nobody known'), signingKey()),
      await by(ana, 6, 'another conversation', { conversation: others.signing.text }),
      await by(ana, 6, 'another drop', { dropKey: signingKey().text }),
      await slot(keys, written(6, 'another purpose'), ana.signing, 'report'),
    ]],
    [4, [
      once,
      await by(ben, 5, 'First, ', { ...long, part: 1 }),
      await by(ana, 4, MARKUP),
      await by(ana, 3, 'from tomorrow'),
      await by(ana, 21, 'three weeks old'),
      await by(ana, 4, 'of a format to come', { format: 'securedrop-reply/2' }),
    ]],
    [2, [
      await by(ben, 5, 'and third.', { ...long, part: 3 }),
      await by(ben, 5, 'a contradicting part', { ...long, part: 1 }),
      await by(ana, 2, 'Of a kind to come.', { kind: 'song' }),
      await by(ana, 2, 'A FILLER', { kind: 'filler' }),
      await by(ben, 2, '', { kind: 'receipt' }),
      found(keys, randomBytes(SLOT_IN_BYTES - 32)), // matches and opens to nothing
    ]],
    [-1, [await by(ana, -1, 'TOMORROW ALREADY')]],
  ];
}

for (const { name, skip } of BROWSERS.filter((b) => b.name !== 'firefox')) {
  describe(`replies, ${name}`, { skip }, () => {
    let host;
    let made;
    before(async () => {
      host = await hostileHost((await sharedDrop()).server.port);
      made = await madeUpDrop({ origin: host.url, names: ['Ana', 'Ben', 'Cem'] });
      const former = { name: { en: 'Cem' }, signingKey: made.reviewers[2].signing.text, lastDay: dayFromNow(-8) };
      const roster = made.roster();
      const answer = made.answer({ ...roster, reviewers: roster.reviewers.slice(0, 2), former: [former] });
      host.state.answers['/api/v1/roster'] = JSON.stringify(answer);
      const days = await conversation(made);
      host.state.answers['/api/v1/dead-drops'] = JSON.stringify(days.map(([ago, slots]) => ({ day: dayFromNow(-ago), shardBits: 0, bytes: [slots.length * SLOT_IN_BYTES] })));
      for (const [ago, slots] of days) host.state.answers[`/api/v1/dead-drops/${dayFromNow(-ago)}/0`] = Buffer.concat(slots);
    });
    after(() => host?.close());

    test('own ones oldest first, with day, signer, gaps and kind; a former reviewer named so; the others counted', async () => {
      const page = await (await sharedBrowser(name)).page();
      await open(page, made.link);
      await returnWith(page, WORDS);
      const shown = await replies(page);
      const until = (daysAgo) => `stays here until ${new Date(`${dayFromNow(30 - daysAgo)}T00:00Z`).toLocaleDateString('en-GB', { dateStyle: 'long', timeZone: 'UTC' })}`;
      const expected = [/From Cem, who no longer reads here · (stays here until .+)\s+Before I left\./, /From Ana · (.+)\s+Said once\./,
        /From Ben · (.+?)\s+This reply came in 3 parts\. Missing: part 2.*First,\s*\[something is missing here\]\s*and third\./s, /From Ana · (.+)\s+<img src=x/];
      assert.equal(shown.length, 6, shown.join('\n---\n'));
      // Thirty days from its dead drop's day: of a part that lay there twice the later one, of a whole the one that ends first.
      expected.forEach((pattern, at) => assert.equal(pattern.exec(shown[at])?.[1], until([9, 4, 4, 4][at]), shown[at]));
      // Of one day, in no order.
      const last = shown.slice(4).sort().join('\n');
      assert.match(last, /From Ana · .+\s+This is of a kind that this page does not know \(“song”\)\.\s+Of a kind to come\./);
      assert.match(last, /From Ben · .+\s+Your report has been opened and read by a reviewer\. This note is sent by itself/);
      assert.equal(await text(page, 'title'), '6 replies');
      assert.match(await page.$eval('.lead', (e) => e.textContent), /The newest is of \d+ \w+ 20\d\d\. It stands last/);
      assert.match(await text(page, 'unchecked'), new RegExp(`^${UNCHECKED.length + 1} replies could not be checked, so they are not shown`));

      const all = await page.$eval('#main', (e) => e.innerText);
      for (const hidden of [...UNCHECKED, 'TOO OLD A DAY', 'TOMORROW ALREADY', 'FOR SOMEBODY ELSE', 'A FILLER']) assert.ok(!all.includes(hidden), hidden);
      assert.ok((await page.$$eval('#replies .message', (found) => found.map((e) => e.textContent))).includes(MARKUP));
      assert.deepEqual(await page.$$eval('#page img, #page b, #page script, #page a', (found) => found.map((e) => e.outerHTML)), []);
      for (const frame of await page.$$eval('#replies .message', (found) => found.map((e) => [e.dir, getComputedStyle(e).unicodeBidi, getComputedStyle(e).whiteSpace].join()))) {
        assert.match(frame, /^auto,(isolate|plaintext),pre-wrap/);
      }
      await press(page, 'language-zh-Hans');
      assert.match(await text(page, 'title'), /6 封回复/);
      assert.match((await replies(page))[0], /Cem.* · 保留到20\d\d 年 .*Before I left\./s);
      await page.close();
    });

    test('a day that came shorter than its index said is named as missing, and what it holds is shown', async () => {
      const path = `/api/v1/dead-drops/${dayFromNow(-9)}/0`;
      const whole = host.state.answers[path];
      host.state.answers[path] = whole.subarray(0, SLOT_IN_BYTES + 100);
      const page = await (await sharedBrowser(name)).page();
      await open(page, made.link);
      await returnWith(page, WORDS);
      assert.match(await text(page, 'unreachable-days'), /The replies of 1 day could not be fetched/);
      assert.match((await replies(page))[0], /Before I left\./);
      host.state.answers[path] = whole;
      await page.close();
    });
  });
}
