// A drop that cannot take reports says so, why, and what to do instead; it never leads into a form that goes nowhere.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { BROWSERS } from './lib/browsers.mjs';
import { newDrop, startServer } from './lib/drop.mjs';
import { hostileHost } from './lib/proxy.mjs';
import { richDrop, sharedBrowser } from './lib/shared.mjs';
import { daysFromNow, enterWords, open, press, problem, screen, takeWords, text, write } from './lib/source.mjs';

const { name, skip } = BROWSERS[0];

describe('a drop that cannot take reports', { skip }, () => {
  let drop;
  let host;
  let browser;
  before(async () => {
    drop = await richDrop();
    host = await hostileHost(drop.server.port);
    browser = await sharedBrowser(name);
  });
  after(() => host?.close());
  const link = () => `${host.url}/${new URL(drop.link).hash}`;

  test('not set up yet: says that nobody reads here, and takes nothing', async () => {
    const server = await startServer();
    try {
      const page = await browser.page();
      await open(page, server.url);
      await screen(page, 'not-set-up');
      assert.match(await text(page, 'title'), /Nobody can read messages here yet/);
      for (const id of ['write', 'have-words']) assert.equal(await page.$(`#${id}`), null);
      await page.close();
    } finally {
      await server.remove();
    }
  });

  test('busy is not "not set up": said as busy, at the start and in a visit, and trying again works', async () => {
    host.state.busy = /roster/;
    const page = await browser.page();
    await open(page, link());
    await page.waitForSelector('#main[data-screen=busy]');
    assert.match(await text(page, 'title'), /busy/);
    host.state.busy = null;
    await press(page, 'try-again');
    await screen(page, 'start');
    await press(page, 'have-words');
    await enterWords(page, [...Array(11).fill('abandon'), 'about']);
    host.state.busy = /roster/;
    await press(page, 'check-replies');
    assert.match(await problem(page), /full or busy at the moment/);
    host.state.busy = null;
    await press(page, 'retry');
    await screen(page, 'conversation');
    await page.close();
  });

  test('the roster ran out: closed, with the day, the other channels, and the way to replies, which works', async () => {
    const page = await browser.page();
    await daysFromNow(page, 100);
    await open(page, link());
    await screen(page, 'closed');
    assert.match(await text(page, 'reason'), /ran out on \d+ \w+ 20\d\d/);
    assert.match(await text(page, 'channels'), /Night desk.*\+00 0000 0001.*1 Harbour Street/s);
    assert.equal(await page.$('#write'), null);
    host.requests.length = 0;
    await press(page, 'have-words');
    assert.equal(await page.$('#follow-up'), null);
    await enterWords(page, [...Array(11).fill('abandon'), 'about']);
    await press(page, 'check-replies');
    await screen(page, 'conversation');
    assert.equal(await page.$('#write-again'), null);
    // The clock is wrong by a hundred days, which a closed drop could also mean: both days are told.
    assert.match(await text(page, 'warning-clock'), /newest day on the server/);
    assert.deepEqual(host.requests.filter((r) => !r.startsWith('GET ') || r.includes('ticket')), []);
    await page.close();
  });

  test('it runs out while the report is written: closed, with the channels, and the text is kept', async () => {
    const page = await browser.page();
    await page.evaluateOnNewDocument(() => {
      const True = Date;
      window.Date = class extends True {
        constructor(...given) {
          super(...(given.length ? given : [True.now() + (window.later ?? 0)]));
        }
        static now() {
          return True.now() + (window.later ?? 0);
        }
      };
    });
    await open(page, link());
    await takeWords(page);
    await page.evaluate(() => (window.later = 100 * 86_400_000));
    await write(page, { message: 'Too late.', category: 1, answers: { 1: 'here' } });
    assert.match(await problem(page), /nobody has a key that is good today/);
    assert.match(await text(page, 'channels'), /Night desk/);
    assert.equal(await page.$('#retry'), null);
    await press(page, 'edit');
    assert.equal(await page.$eval('#message', (e) => e.value), 'Too late.');
    await page.close({ runBeforeUnload: false });
  });
});

describe('a roster with hostile texts', { skip }, () => {
  const MARKUP = '<img src=x onerror="document.title=1"><script>document.title=2</script>';
  const BIDI = '\u202Egnihton\u202C \u2066x';
  let drop;
  before(async () => {
    drop = await newDrop({
      draft: (url) => ({
        name: { en: `Paper ${MARKUP}` },
        origins: [url],
        categories: [{ id: 'a', label: { en: MARKUP } }],
        questions: [{ id: 'q', label: { en: BIDI }, required: false }],
        channels: [{ kind: 'web', value: `javascript:alert(1) ${MARKUP}`, label: { en: BIDI } }],
        notices: [{ day: '2026-11-01', title: { en: MARKUP }, text: { en: `${BIDI}\n${MARKUP}` } }],
      }),
    });
  });
  after(() => drop?.remove());

  test('is shown as text: no element comes of it, no link, and what turns the reading direction stays within its own frame', async () => {
    const page = await (await sharedBrowser(name)).page();
    await open(page, drop.link);
    await screen(page, 'start');
    const shown = await page.$eval('#main', (e) => e.innerText);
    assert.ok(shown.includes(MARKUP));
    assert.ok(shown.includes(`javascript:alert(1) ${MARKUP}`));
    assert.deepEqual(await page.$$eval('#page img, #page script, #page a, #page iframe', (all) => all.map((e) => e.outerHTML)), []);
    assert.match(await page.title(), /^Paper <img/);
    assert.equal(await page.$eval('#drop-name', (e) => e.innerText), `Paper ${MARKUP}`);
    const frames = await page.$$eval('#channels dt, #notices h3, #notices .verbatim, #channels dd', (all) => all.map((e) => [e.dir, getComputedStyle(e).unicodeBidi]));
    assert.equal(frames.length, 4);
    for (const frame of frames) assert.match(frame.join(), /^auto,(isolate|plaintext)/);
    await takeWords(page);
    assert.ok((await page.$eval('#main', (e) => e.innerText)).includes(MARKUP));
    assert.deepEqual(await page.$$eval('#page img, #page script, #page a', (all) => all.length), 0);
    await page.close({ runBeforeUnload: false });
  });
});
