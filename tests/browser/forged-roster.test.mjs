// Whatever a server hands out as a roster, the page takes none that does not hold, and says why; one bad statement spoils no other.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { BROWSERS } from './lib/browsers.mjs';
import { hostileHost } from './lib/proxy.mjs';
import { dayFromNow, madeUpDrop, recipientKey, recipientStatement, successor } from './lib/roster.mjs';
import { sharedBrowser, sharedDrop } from './lib/shared.mjs';
import { signingKey } from './lib/signing.mjs';
import { open, press, screen, text } from './lib/source.mjs';

const SIGNATURE = /signature under the list is not right/;
const FORMAT = /damaged or not made as it should be/;
const CHAIN = /does not lead back to the key in the link/;
const REQUIRES = /asks for something that this page does not know/;

for (const { name, skip } of BROWSERS.filter((b) => b.name !== 'firefox')) {
  describe(`a forged roster, ${name}`, { skip }, () => {
    let host;
    let made;
    let page;
    before(async () => {
      host = await hostileHost((await sharedDrop()).server.port);
      made = await madeUpDrop({ origin: host.url });
      page = await (await sharedBrowser(name)).page();
    });
    after(async () => {
      await page?.close();
      await host?.close();
    });

    async function shown(answer, link = made.link) {
      host.state.answers['/api/v1/roster'] = typeof answer === 'string' ? answer : JSON.stringify(answer);
      // Another key after # alone loads no page.
      await page.goto('about:blank');
      await open(page, link);
      await page.waitForFunction(() => !['opening', 'not-started'].includes(document.querySelector('#main')?.dataset.screen ?? 'not-started'));
      return page.$eval('#main', (e) => e.dataset.screen);
    }

    test('the same roster, well made, is taken: each case below differs from it in one thing', async () => {
      assert.equal(await shown(made.answer(made.roster())), 'start');
      assert.match(await text(page, 'readers'), /3 people hold the keys: Ana, Ben and Cem/);
      assert.match(await text(page, 'vouched'), /vouches for The Made-Up Paper/);
      assert.equal(await text(page, 'key'), new URL(made.link).hash.slice(1));
    });

    test('refused, with the reason, with no channel that could be false, and with nothing to write into', async () => {
      const { drop, roster, answer } = made;
      const stranger = signingKey();
      const next = signingKey();
      const text0 = JSON.stringify(roster());
      const twice = roster();
      twice.reviewers[1].signingKey = twice.reviewers[0].signingKey;
      const classic = roster();
      classic.reviewers[0].recipient.key = 'age1ql3z7hjy54pw3hyww5ayyfg7zqgvc7w3j2elw8zmrj2kg5sfn9aqmcac8p';
      const { expires: _, ...withoutExpires } = roster();
      const cases = {
        'changed after it was signed': [answer(text0.replace('Cem', 'Eve'), { signature: drop.sign('roster', text0) }), SIGNATURE],
        'signed by a stranger': [answer(text0, { signature: stranger.sign('roster', text0) }), SIGNATURE],
        'signed for another purpose': [answer(text0, { signature: drop.sign('reply', text0) }), SIGNATURE],
        'no signature': [answer(text0, { signature: '' }), SIGNATURE],
        'wants what this page cannot do': [answer(roster({ requires: ['two-of-three'] })), REQUIRES],
        'of a format to come': [answer(roster({ format: 'securedrop-roster/2' })), FORMAT],
        'nobody reads': [answer(roster({ reviewers: [] })), FORMAT],
        'one key for two people': [answer(twice), FORMAT],
        'a key that is not post-quantum': [answer(classic), FORMAT],
        'a member missing': [answer(withoutExpires), FORMAT],
        'a member twice': [answer(text0.replace('{', '{"version":2,')), FORMAT],
        'of another drop': [answer(roster({ dropKey: stranger.text })), CHAIN],
        'a first key of the server’s own': [answer(text0, { dropKey: stranger.text }), CHAIN],
        'a successor that the drop never named': [
          answer(text0, { successors: [successor(drop, next, stranger)], signature: next.sign('roster', text0) }), CHAIN],
        'the old key still signing': [answer(text0, { successors: [successor(drop, next)] }), SIGNATURE],
        'a ring of keys': [answer(text0, { successors: [successor(drop, next), successor(next, drop)] }), CHAIN],
        'not JSON': ['<html>Welcome to the hotel</html>', FORMAT],
        'nothing': ['', FORMAT],
      };
      for (const [what, [given, reason]] of Object.entries(cases)) {
        host.requests.length = 0;
        assert.equal(await shown(given), 'refused', what);
        assert.match(await text(page, 'reason'), reason, what);
        for (const id of ['write', 'have-words', 'message', 'channels']) assert.equal(await page.$(`#${id}`), null, what);
        assert.deepEqual(host.requests, ['GET /', 'GET /api/v1/roster'], what);
      }
    });

    test('a damaged link, or one of another drop, is told from a false list', async () => {
      assert.equal(await shown(made.answer(made.roster()), made.link.slice(0, -1)), 'refused');
      assert.match(await text(page, 'reason'), /damaged or cut off/);
    });

    test('a key that the drop has succeeded to, or came from, vouches as well', async () => {
      const { drop, roster, answer } = made;
      const next = signingKey();
      const text0 = JSON.stringify(roster());
      const succeeded = answer(text0, { successors: [successor(drop, next)], signature: next.sign('roster', text0) });
      for (const key of [drop, next]) {
        assert.equal(await shown(succeeded, `${host.url}/#${key.text}`), 'start');
        assert.ok(await page.$('#vouched'));
      }
    });

    test('a statement that fails spoils no other; without a key for today the person is named as unable to read', async () => {
      const { drop, reviewers: [ana, ben, cem], roster, answer } = made;
      const lapsed = roster();
      for (const reviewer of lapsed.reviewers) reviewer.recipient.lastDay = dayFromNow(-1);
      const key = await recipientKey();
      const recipients = [
        recipientStatement(drop.text, ana, key),
        recipientStatement(drop.text, ben, key, { by: cem.signing }),
        recipientStatement(drop.text, ben, key, { days: [1, 7] }),
        recipientStatement(drop.text, ben, key, { days: [0, 40] }),
        recipientStatement(cem.signing.text, cem, key),
        recipientStatement(drop.text, cem, 'age1pq1qqqq'),
        { statement: '{', signature: '' },
      ];
      assert.equal(await shown(answer(lapsed, { recipients })), 'start');
      assert.match(await text(page, 'readers'), /1 of 3 reviewers can read this: Ana\. Ben and Cem cannot at the moment/);
    });

    test('nobody has a key for today, or the list ran out: closed, with the channels, and no form', async () => {
      const { roster, answer } = made;
      const lapsed = roster();
      for (const reviewer of lapsed.reviewers) reviewer.recipient.lastDay = dayFromNow(-1);
      for (const [given, reason] of [[lapsed, /None of the people.*has a key that is good today/s], [roster({ issued: dayFromNow(-91), expires: dayFromNow(-1) }), /ran out on/]]) {
        assert.equal(await shown(answer(given)), 'closed');
        assert.match(await text(page, 'reason'), reason);
        assert.match(await text(page, 'channels'), /\+00 0000 0007/);
        assert.equal(await page.$('#write'), null);
      }
      await press(page, 'have-words');
      await screen(page, 'words');
    });

    test('an answer without end fills no memory and ends as no answer', async () => {
      await page.evaluateOnNewDocument(() => {
        const { setTimeout } = window;
        window.setTimeout = (call, wait, ...more) => setTimeout(call, wait >= 2000 && wait <= 30000 ? 20 : wait, ...more);
      });
      assert.equal(await shown(JSON.stringify(made.answer(made.roster(), { more: 'x'.repeat(40_000_000) }))), 'unreachable');
    });
  });
}
