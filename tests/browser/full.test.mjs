// A server that cannot take a report now, for whatever reason: a plain sentence with how long to wait, the other channels, and all
// that was typed still there. One that asks for a moment is asked again by the page itself, a few times.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { BROWSERS } from './lib/browsers.mjs';
import { newDrop, received } from './lib/drop.mjs';
import { hostileHost } from './lib/proxy.mjs';
import { file, richDraft, richDrop, sharedBrowser } from './lib/shared.mjs';
import { delivered, discard, enterWords, hurry, open, press, problem, screen, takeWords, text, value, write } from './lib/source.mjs';

const WORDS = [...Array(11).fill('abandon'), 'about'];
const FORM = { category: 1, answers: { 1: 'here' } };

async function form(name, url) {
  const page = await (await sharedBrowser(name)).page();
  await hurry(page);
  await open(page, url);
  await takeWords(page);
  return page;
}

for (const { name, skip } of BROWSERS.filter((b) => b.name !== 'firefox')) {
  describe(`a server that cannot take it now, ${name}`, { skip }, () => {
    let drop;
    let host;
    before(async () => {
      drop = await richDrop();
      host = await hostileHost(drop.server.port);
    });
    after(() => host?.close());
    const link = () => `${host.url}/${new URL(drop.link).hash}`;

    test('at the list, the ticket, the upload, a part or the end: said, with the channels; nothing typed is lost, and in the end it goes', async () => {
      const message = `Kept while it was full, ${name}.`;
      const page = await form(name, link());
      const note = await file(`full-${name}.bin`, Buffer.alloc(2_500_000, name));
      host.state.refused = { line: /roster/, status: 503, title: 'The drop is busy.', retryAfter: 3600 };
      await write(page, { message, contact: 'by the bridge', files: [note], ...FORM });
      for (const [line, retryAfter, wait] of [[/ticket/, 3600, 'about 60 minutes'], [/parts\/0$/, 7200, 'about 2 hours'], [/parts\/2$/, undefined, 'about 1 minute'], [/commit$/, 90, 'about 2 minutes']]) {
        const said = await problem(page);
        assert.match(said, /^The server is full or busy at the moment\. Try again in /);
        assert.match(await text(page, 'channels'), /Night desk.*\+00 0000 0001.*1 Harbour Street/s);
        assert.match(await text(page, 'without-files'), /A message without files needs little room/);
        await press(page, 'edit');
        await screen(page, 'report');
        assert.deepEqual([await value(page, 'message'), await value(page, 'contact'), await value(page, 'question-1')], [message, 'by the bridge', 'here']);
        assert.match(await text(page, 'file-list'), new RegExp(`full-${name}\\.bin`));
        host.state.refused = { line, status: 503, title: 'Full.', retryAfter };
        await press(page, 'send');
        await page.waitForFunction((wanted) => document.querySelector('#reason')?.textContent.endsWith(`in ${wanted}.`), { timeout: 60_000 }, wait);
      }
      host.state.refused = null;
      await press(page, 'retry');
      await delivered(page);
      await page.close();
      await received(drop.reviewer, message);
    });

    test('busy for half a minute: waits, says so, and sends under a new ticket; a look that stays refused still shows what it found', async () => {
      const page = await form(name, link());
      host.values.length = 0;
      host.requests.length = 0;
      host.state.refused = { line: /^PUT/, status: 503, title: 'Busy.', retryAfter: 30, times: 2 };
      await write(page, { message: `After a while, ${name}.`, ...FORM });
      await page.waitForFunction(() => /busy\. Waiting, to ask again by itself/.test(document.querySelector('#step')?.textContent ?? ''), { polling: 20 });
      await delivered(page);
      assert.equal(host.requests.filter((r) => r === 'GET /api/v1/ticket').length, 3);
      assert.equal(host.values.length, 1);
      await open(page, 'about:blank');
      await open(page, link());
      await press(page, 'have-words');
      await enterWords(page, WORDS);
      host.state.refused = { line: /^PUT/, status: 503, title: 'Full.', retryAfter: 3600 };
      await press(page, 'check-replies');
      await screen(page, 'conversation');
      assert.match(await text(page, 'decoy-failed'), /could not be delivered/);
      host.state.refused = null;
      await page.close();
    });
  });
}

describe('the server itself, with a disk that is full', { skip: BROWSERS[0].skip }, () => {
  let drop;
  before(async () => {
    drop = await newDrop({ draft: richDraft, settings: { 'Drop:FreeSpaceFloorInMebibytes': String(2 ** 30) } });
  });
  after(() => drop?.remove());

  test('says so, for an hour, in both languages', async () => {
    const page = await form('chromium', drop.link);
    await write(page, { message: 'Into a full one.', ...FORM });
    assert.equal(await problem(page), 'The server is full or busy at the moment. Try again in about 60 minutes.');
    assert.match(await text(page, 'channels'), /Night desk/);
    await press(page, 'language-zh-Hans');
    assert.equal(await text(page, 'reason'), '服务器目前已满或正忙。请过大约 60 分钟再试。');
    assert.match(await text(page, 'channels'), /夜班/);
    await discard(page);
  });
});
