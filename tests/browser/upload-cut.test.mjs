// The line breaks, the server refuses, or it is killed in the middle of an attachment: the page goes on with the parts it has sealed,
// and the same bytes arrive, once.
import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { before, after, describe, test } from 'node:test';
import { BROWSERS } from './lib/browsers.mjs';
import { newDrop, openWithFiles, received, startServer } from './lib/drop.mjs';
import { brittleLine, hostileHost } from './lib/proxy.mjs';
import { file, sharedBrowser, sharedDrop } from './lib/shared.mjs';
import { delivered, discard, hurry, open, press, problem, takeWords, write } from './lib/source.mjs';

const MiB = 2 ** 20;

for (const { name, skip } of BROWSERS.filter((b) => b.name !== 'firefox')) {
  describe(`a broken line, ${name}`, { skip }, () => {
    let drop;
    let line;
    before(async () => {
      drop = await sharedDrop();
      line = await brittleLine(drop.server.port);
    });
    after(() => line?.close());

    test('cut for good, then for a moment: taken up again under the same ticket, nothing sent twice but the cut parts', async () => {
      const bytes = randomBytes(5 * MiB);
      const message = `Cut in ${name}.`;
      const page = await (await sharedBrowser(name)).page();
      await hurry(page);
      await open(page, `${line.url}/${new URL(drop.link).hash}`);
      await takeWords(page);
      const before = line.sent();
      line.cutAfter(4.5 * MiB, { stayDown: true });
      await write(page, { message, files: [await file(`${name}.bin`, bytes)] });
      assert.match(await problem(page), /The connection broke/);
      line.mend();
      line.cutAfter(0.6 * MiB);
      await press(page, 'retry');
      await delivered(page);
      await page.close();
      assert.equal(line.cuts(), 2);
      // 5 MiB are of the class of 5 MiB and a quarter or 6; a fresh start would be 10 MiB and more.
      assert.ok(line.sent() - before < 8.5 * MiB, `${line.sent() - before} bytes were sent`);

      const report = await received(drop.reviewer, message);
      const { opened, files } = await openWithFiles(drop.reviewer, report.handle);
      assert.equal(opened.text, message);
      assert.deepEqual(opened.alarms, []);
      assert.ok(files[0].equals(bytes));
    });
  });
}

const { name, skip } = BROWSERS[0];
const PART = /parts\/3$/;

describe('each step of an upload', { skip }, () => {
  let drop;
  let host;
  before(async () => {
    drop = await newDrop({ settings: { 'Source:Hosts:0': 'localhost' } });
    host = await hostileHost(drop.server.port);
  });
  after(async () => {
    await host?.close();
    await drop?.remove();
  });
  async function sent(message, bytes, to = host.url) {
    const page = await (await sharedBrowser(name)).page();
    await hurry(page);
    await open(page, `${to}/${new URL(drop.link).hash}`);
    await takeWords(page);
    await write(page, { message, files: [await file('steps.bin', bytes)] });
    return page;
  }
  async function arrivedOnce(message, bytes) {
    const { opened, files } = await openWithFiles(drop.reviewer, (await received(drop.reviewer, message)).handle);
    assert.deepEqual(opened.alarms, []);
    assert.ok(files[0].equals(bytes));
  }
  const tickets = () => host.requests.filter((r) => r === 'GET /api/v1/ticket').length;

  test('no answer to a part, to the question what arrived, to the end; an answer that got lost: each time taken up again', async () => {
    const message = 'Broken at every step.';
    const bytes = randomBytes(5 * MiB);
    host.state.broken = PART;
    const page = await sent(message, bytes);
    for (const [broken, loseOnce] of [[/GET .*parts$/, null], [/commit$/, null], [null, /commit$/]]) {
      assert.match(await problem(page), /parts that have arrived are not sent twice/);
      Object.assign(host.state, { broken, loseOnce });
      await press(page, 'retry');
      await page.waitForFunction(() => document.querySelector('#main').dataset.screen !== 'problem');
    }
    await delivered(page);
    await page.close();
    assert.equal(tickets(), 1);
    assert.equal(host.state.loseOnce, null);
    await arrivedOnce(message, bytes);
  });

  test('refused in the middle: the server\'s sentence is shown as text and cannot turn the line, and trying again begins anew', async () => {
    const message = 'Refused in the middle.';
    const bytes = randomBytes(5 * MiB);
    host.requests.length = 0;
    host.state.refused = { line: PART, status: 403, title: 'Too old. <b>Write to</b> \u202Emoc.live@x' };
    const page = await sent(message, bytes);
    const said = await problem(page);
    assert.match(said, /The server did not take it\. The server says: Too old\. <b>Write to<\/b> moc\.live@x$/);
    assert.equal(await page.$('#main b'), null);
    host.state.refused = null;
    await press(page, 'retry');
    await delivered(page);
    await page.close();
    assert.ok(tickets() >= 2);
    await arrivedOnce(message, bytes);
  });

  test('the server is full: says so, with the other channels; nothing is lost', async () => {
    host.state.refused = { line: /PUT/, status: 503, title: 'The drop is full for now.' };
    const page = await sent('For a full drop.', Buffer.from('x'));
    assert.match(await problem(page), /full or busy at the moment/);
    host.state.refused = null;
    await press(page, 'retry');
    await delivered(page);
    await discard(page);
  });

  test('the server is killed in the middle and comes back: what it had is not sent again', async () => {
    const message = 'Killed in the middle.';
    const bytes = randomBytes(9 * MiB);
    host.requests.length = 0;
    host.state.hold = /parts\/5$/;
    const page = await sent(message, bytes);
    await host.held();
    await drop.server.stop('SIGKILL');
    host.release();
    await problem(page);
    const { data, port, reviewerPort } = drop.server;
    const again = await startServer({ folder: data, port, reviewerPort, settings: { 'Source:Hosts:0': 'localhost' } });
    drop.server.stop = () => again.stop();
    host.exchanges.length = 0;
    await press(page, 'retry');
    await delivered(page);
    await page.close();
    assert.equal(tickets(), 1);
    const parts = host.exchanges.filter(({ line }) => line.startsWith('PUT')).map(({ line }) => Number(line.split('/').at(-1)));
    assert.ok(parts.length >= 5 && !parts.includes(0), parts.join());
    await arrivedOnce(message, bytes);
  });
});
