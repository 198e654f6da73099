// A server that swapped the roster: another one, validly signed, but by another drop's key. With the key in the link the page refuses,
// whenever the swap is made, and not one sealed byte leaves. An older roster of the drop itself is refused too.
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { after, before, describe, test } from 'node:test';
import { BROWSERS, launch } from './lib/browsers.mjs';
import { desk, newDrop, nextRoster } from './lib/drop.mjs';
import { hostileHost } from './lib/proxy.mjs';
import { open, press, screen, takeWords, text, write } from './lib/source.mjs';

/** A desk's own signed roster, as a server hands it out. `dropKey` is what that server claims to be the first key. */
async function answerOf(reviewer, dropKey) {
  const roster = await readFile(path.join(reviewer.home, 'roster.json'), 'utf8');
  const signature = await readFile(path.join(reviewer.home, 'roster.json.minisig'), 'utf8');
  return JSON.stringify({ dropKey: dropKey ?? JSON.parse(roster).dropKey, successors: [], roster, signature, recipients: [] });
}

const ROSTER = '/api/v1/roster';

let drop;
let evil;
let host;
let link;
before(async () => {
  drop = await newDrop({ settings: { 'Source:Hosts:0': 'localhost' } });
  evil = await desk();
  await evil.json(['init', '--name', 'The Test Paper', '--url', drop.server.url, '--server', drop.server.reviewerUrl, '--as', 'Ana']);
  host = await hostileHost(drop.server.port);
  link = `${host.url}/${new URL(drop.link).hash}`;
});
after(async () => {
  await host?.close();
  await evil?.remove();
  await drop?.remove();
});

const uploads = () => host.requests.filter((r) => !r.startsWith('GET '));

for (const { name, skip } of BROWSERS.filter((b) => b.name !== 'firefox')) {
  describe(name, { skip }, () => {
    let started;
    before(async () => { started = await launch(name); });
    after(() => started?.close());

    for (const [what, claimed] of [['as another drop', false], ['under the name of this drop', true]]) {
      test(`swapped before the page opens, ${what}: refused, and there is nothing to write into`, async () => {
        host.requests.length = 0;
        host.state.answers[ROSTER] = await answerOf(evil, claimed ? new URL(drop.link).hash.slice(1) : undefined);
        const page = await started.page();
        await open(page, link);
        await page.waitForSelector('#main[data-screen=refused]');
        assert.match(await text(page, 'title'), /Do not write anything here/);
        for (const id of ['write', 'have-words', 'message', 'channels']) assert.equal(await page.$(`#${id}`), null);
        assert.deepEqual(host.requests.filter((r) => !/^GET \/(api\/v1\/roster)?$/.test(r)), []);
        await page.close();
      });
    }

    test('a key that a mail program escaped vouches as it stands; one that is escaped badly is refused as damaged', async () => {
      delete host.state.answers[ROSTER];
      const key = new URL(drop.link).hash.slice(1);
      const page = await started.page();
      await open(page, `${host.url}/#${Buffer.from(key).toString('hex').replace(/../g, '%$&')}`);
      await screen(page, 'start');
      assert.ok(await page.$('#vouched'));
      assert.equal(await text(page, 'key'), key);
      await open(page, 'about:blank');
      await open(page, `${host.url}/#${key}%2`);
      await page.waitForSelector('#main[data-screen=refused]');
      assert.match(await text(page, 'reason'), /damaged or cut off/);
      await page.close();
    });

    test('swapped while the source writes: nothing is sealed to the strangers, nothing sent, no way to try anyway', async () => {
      host.requests.length = 0;
      delete host.state.answers[ROSTER];
      const page = await started.page();
      await open(page, link);
      await takeWords(page);
      host.state.answers[ROSTER] = await answerOf(evil);
      await write(page, { message: 'For the true reviewers alone.' });
      await page.waitForSelector('#main[data-screen=problem]');
      assert.match(await text(page, 'reason'), /failed its check\. Nothing was sent/);
      assert.equal(await page.$('#retry'), null);
      assert.deepEqual(uploads(), []);
      await press(page, 'edit');
      await screen(page, 'report');
      assert.equal(await page.$eval('#message', (e) => e.value), 'For the true reviewers alone.');
      await page.close({ runBeforeUnload: false });
    });
  });
}

describe('chromium', { skip: BROWSERS[0].skip }, () => {
  let started;
  before(async () => { started = await launch('chromium'); });
  after(() => started?.close());

  test('without a key in the link the page shows the key it was given, and says that nobody checked it', async () => {
    host.state.answers[ROSTER] = await answerOf(evil);
    const page = await started.page();
    await open(page, `${host.url}/`);
    await screen(page, 'start');
    assert.equal(await text(page, 'key'), JSON.parse(host.state.answers[ROSTER]).dropKey);
    assert.match(await text(page, 'not-vouched'), /Not checked/);
    await page.close();
  });

  test('an older roster than the one shown is refused: it could bring back a reviewer who was removed', async () => {
    const old = await answerOf(drop.reviewer);
    await nextRoster(drop);
    delete host.state.answers[ROSTER];
    host.requests.length = 0;
    const page = await started.page();
    await open(page, link);
    await takeWords(page);
    host.state.answers[ROSTER] = old;
    await write(page, { message: 'For the reviewers of today.' });
    await page.waitForSelector('#main[data-screen=problem]');
    assert.match(await text(page, 'reason'), /failed its check\. Nothing was sent.*older than the one this page showed you/);
    assert.deepEqual(uploads(), []);
    await page.close({ runBeforeUnload: false });
  });
});
