// The server goes away at any point of a visit: nothing typed is lost, trying again works, and what arrived is not told twice.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { BROWSERS } from './lib/browsers.mjs';
import { received } from './lib/drop.mjs';
import { hostileHost } from './lib/proxy.mjs';
import { file, sharedBrowser, sharedDrop } from './lib/shared.mjs';
import { delivered, discard, enterWords, hurry, open, press, problem, returnWith, screen, takeWords, text, value, write } from './lib/source.mjs';

for (const { name, skip } of BROWSERS.filter((b) => b.name !== 'firefox-safer')) {
  describe(`the server goes away, ${name}`, { skip }, () => {
    let drop;
    let host;
    let page;
    before(async () => {
      drop = await sharedDrop();
      host = await hostileHost(drop.server.port);
    });
    after(() => host?.close());
    const opened = async () => {
      page = await (await sharedBrowser(name)).page();
      await hurry(page);
      await open(page, `${host.url}/${new URL(drop.link).hash}`);
    };

    test('before it opens: said, and "Try again" opens it', async () => {
      host.state.broken = /roster/;
      await opened();
      await page.waitForSelector('#main[data-screen=unreachable]');
      host.state.broken = null;
      await press(page, 'try-again');
      await screen(page, 'start');
      await page.close();
    });

    test('at the roster, the ticket, or the upload: the words typed are kept, and in the end the report is there once', async () => {
      const message = `Kept through it all in ${name}.`;
      await opened();
      await takeWords(page);
      host.state.broken = /roster/;
      await write(page, { message, contact: 'at the harbour', files: [await file('note.txt', `a note in ${name}`)] });
      for (const next of [/ticket/, /^PUT /]) {
        assert.match(await problem(page), /The connection broke, or the server did not answer/);
        await press(page, 'edit');
        await screen(page, 'report');
        assert.equal(await value(page, 'message'), message);
        assert.equal(await value(page, 'contact'), 'at the harbour');
        assert.match(await text(page, 'file-list'), /note\.txt/);
        host.state.broken = next;
        await press(page, 'send');
      }
      await problem(page);
      // The server took it, and its answer got lost: the page cannot know, and sends the same bytes again.
      host.state.broken = null;
      host.state.loseOnce = /^PUT /;
      await press(page, 'retry');
      await delivered(page);
      await page.close();
      assert.equal(host.state.loseOnce, null);
      const report = await received(drop.reviewer, message);
      assert.equal((await drop.reviewer.json(['open', report.handle, '--no-receipt'])).contact, 'at the harbour');
    });

    test('at the dead drops while looking for replies: a day is named as missing; without their index it is tried again', async () => {
      await drop.reviewer.run(['sync']); // so that there is a dead drop
      await opened();
      await screen(page, 'start');
      await press(page, 'have-words');
      const words = [...Array(11).fill('abandon'), 'about'];
      await enterWords(page, words);
      host.state.broken = /dead-drops$/;
      await press(page, 'check-replies');
      await problem(page);
      await press(page, 'edit');
      await screen(page, 'words');
      for (const [i, word] of words.entries()) assert.equal(await value(page, `word-${i + 1}`), word);
      host.state.broken = /dead-drops\/./;
      await press(page, 'check-replies');
      await screen(page, 'conversation');
      assert.match(await text(page, 'unreachable-days'), /The replies of 1 day could not be fetched/);
      await page.close();
      host.state.broken = null;
    });

    test('at the dead drops while telling: it is told all the same; at the end of a look: said, and what was found is shown', async () => {
      const message = `Without dead drops, ${name}.`;
      await opened();
      await takeWords(page);
      host.state.broken = /dead-drops/;
      await write(page, { message });
      await delivered(page);
      await received(drop.reviewer, message);
      host.state.broken = /^PUT /;
      await open(page, 'about:blank');
      await open(page, `${host.url}/${new URL(drop.link).hash}`);
      await returnWith(page, [...Array(11).fill('abandon'), 'about']);
      assert.match(await text(page, 'decoy-failed'), /could not be delivered. What you see here is not touched by that/);
      host.state.broken = null;
      await page.close();
    });

    test('cancelled while it waits: said what that means, and it can be sent again', async () => {
      const message = `Cancelled in ${name}.`;
      await opened();
      await takeWords(page);
      host.state.hold = /ticket/;
      await write(page, { message });
      await host.held();
      await press(page, 'cancel');
      assert.match(await problem(page), /You stopped it/);
      host.release();
      await press(page, 'edit');
      assert.equal(await value(page, 'message'), message);
      await press(page, 'send');
      await delivered(page);
      await discard(page);
      await received(drop.reviewer, message);
    });
  });
}
