// A server that asks for work: it is paid, at the Safer level too, for each block of 64 parts; the page says in words how long it
// takes and goes on answering, and it can be stopped. More than a browser can do is not begun.
import assert from 'node:assert/strict';
import { createHash, pbkdf2Sync } from 'node:crypto';
import { truncate } from 'node:fs/promises';
import { after, before, beforeEach, describe, test } from 'node:test';
import { BROWSERS } from './lib/browsers.mjs';
import { newDrop, received } from './lib/drop.mjs';
import { hostileHost } from './lib/proxy.mjs';
import { file, richDraft, sharedBrowser } from './lib/shared.mjs';
import { delivered, enterWords, hurry, open, press, problem, replies, screen, takeWords, text, value, write } from './lib/source.mjs';

const DIFFICULTY = 10;
const TICKET = '/api/v1/ticket';

/** Leading zero bits of an attempt, from Node's own PBKDF2. */
function zeros(header, block) {
  const ticket = header.slice(0, header.lastIndexOf('.'));
  const salt = Buffer.alloc(20);
  createHash('sha256').update(ticket).digest().copy(salt, 0, 0, 16);
  salt.writeUInt32BE(block, 16);
  const made = pbkdf2Sync(header, salt, 1000, 32, 'sha256');
  return made.toString('hex').match(/^0*/)[0].length * 4 + Math.clz32(parseInt(/[1-9a-f]/.exec(made.toString('hex'))?.[0] ?? '0', 16)) - 28;
}

describe('a server that asks for work', { skip: BROWSERS.every((b) => b.skip) && BROWSERS[0].skip }, () => {
  let drop;
  let host;
  before(async () => {
    drop = await newDrop({ settings: { 'Source:Hosts:0': 'localhost', 'Tickets:LeastDifficulty': String(DIFFICULTY) }, draft: richDraft });
    host = await hostileHost(drop.server.port);
  });
  after(async () => {
    await host?.close();
    await drop?.remove();
  });
  beforeEach(() => Object.assign(host.state, { refused: null, answers: {} }));
  const asking = (difficulty) => JSON.stringify({ ticket: 'made-up', difficulty });
  async function form(name) {
    const page = await (await sharedBrowser(name)).page();
    await hurry(page);
    await open(page, `${host.url}/${new URL(drop.link).hash}`);
    const words = await takeWords(page);
    return { page, words };
  }

  for (const { name, skip } of BROWSERS.filter((b) => b.name !== 'firefox')) {
    test(`${name}: a report and a look pay, each for its own ticket`, { skip }, async () => {
      host.values.length = 0;
      const message = `Paid for in ${name}.`;
      const { page, words } = await form(name);
      await write(page, { message, category: 1, answers: { 1: 'here' } });
      await delivered(page);
      await open(page, 'about:blank');
      await open(page, `${host.url}/${new URL(drop.link).hash}`);
      await press(page, 'have-words');
      await enterWords(page, words);
      await press(page, 'check-replies');
      await screen(page, 'conversation');
      assert.deepEqual([await replies(page), await page.$('#decoy-failed')], [[], null]);
      await page.close();
      assert.equal(host.values.length, 2);
      for (const [line, header] of host.values) assert.ok(zeros(header, 0) >= DIFFICULTY, `${line} ${header}`);
      await received(drop.reviewer, message);
    });

    test(`${name}: how long it takes stands there in words; the page answers meanwhile; stopped, all that was typed is kept`, { skip }, async () => {
      const { page } = await form(name);
      host.state.answers[TICKET] = asking(24);
      await write(page, { message: 'For later.', category: 1, answers: { 1: 'here' } });
      await page.waitForFunction(() => /^Solving a sum for the server/.test(document.querySelector('#step')?.textContent ?? ''));
      await page.waitForFunction(() => /^Takes about \d+ (minutes?|hours?) on this device, with bad luck several times as long\.$/.test(document.querySelector('#amount').textContent));
      assert.equal(await page.$eval('#progress', (e) => e.hidden), true);
      await press(page, 'language-zh-Hans');
      await page.waitForFunction(() => /在这台设备上需要大约 \d+ (分钟|小时)，运气不好时可能是好几倍/.test(document.querySelector('#amount').textContent));
      assert.match(await text(page, 'step'), /计算/);
      await press(page, 'language-en');
      await press(page, 'cancel');
      assert.match(await problem(page), /You stopped it/);
      // More than 24: not even begun, and told apart from a broken line.
      await press(page, 'edit');
      host.state.answers[TICKET] = asking(25);
      await press(page, 'send');
      assert.match(await problem(page), /asks for more work than a browser can do/);
      assert.match(await text(page, 'channels'), /Night desk.*\+00 0000 0001/s);
      host.state.answers = {};
      await press(page, 'edit');
      await screen(page, 'report');
      assert.equal(await value(page, 'message'), 'For later.');
      await press(page, 'send');
      await delivered(page);
      await page.close();
    });
  }

  test('an attachment of 70 MiB: each block of 64 parts is paid once, the end with the first; a stale ticket is paid anew', { skip: BROWSERS[0].skip }, async () => {
    const large = await file('blocks.bin', '');
    await truncate(large, 70 * 2 ** 20);
    host.values.length = 0;
    host.requests.length = 0;
    const { page } = await form('chromium');
    host.state.refused = { line: /parts\/0$/, status: 403, title: 'Too old.', times: 2 };
    await write(page, { message: 'In blocks.', files: [large], category: 1, answers: { 1: 'here' } });
    await delivered(page);
    await page.close();
    assert.equal(host.requests.filter((r) => r === `GET ${TICKET}`).length, 3);
    const paid = new Map();
    for (const [line, header] of host.values) {
      const block = Math.floor(Number(/parts\/(\d+)$/.exec(line)?.[1] ?? 0) / 64);
      paid.set(block, (paid.get(block) ?? new Set()).add(header));
    }
    assert.deepEqual([...paid].map(([block, headers]) => [block, headers.size]), [[0, 1], [1, 1]]);
    for (const [block, [header]] of paid) assert.ok(zeros(header, block) >= DIFFICULTY, `block ${block}`);
    await received(drop.reviewer, 'In blocks.');
  });
});
