// What lies in the server's memory when a visit is over and the server is idle: every page of it that can be written is read, from
// outside, and searched for what only the visitor's requests said. Nothing is promised of the time while a request is served.
import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { closeSync, openSync, readFileSync, readSync } from 'node:fs';
import http from 'node:http';
import { test } from 'node:test';
import { setTimeout } from 'node:timers/promises';
import { startServer } from './lib/drop.mjs';

/** The names of those texts that lie in the process' memory, as UTF-8 or UTF-16; how much was read. */
function found(pid, texts) {
  const names = new Set();
  let size = 0;
  const needles = Object.entries(texts).flatMap(([name, text]) => [[name, Buffer.from(text)], [name, Buffer.from(text, 'utf16le')]]);
  const memory = openSync(`/proc/${pid}/mem`, 'r');
  try {
    for (const line of readFileSync(`/proc/${pid}/maps`, 'latin1').split('\n')) {
      const [, from, to] = /^([0-9a-f]+)-([0-9a-f]+) rw/.exec(line) ?? [];
      if (!from) continue;
      const piece = Buffer.alloc(1 << 20);
      const end = BigInt(`0x${to}`);
      // Pieces overlap: a text may lie across two.
      for (let at = BigInt(`0x${from}`); at < end; at += BigInt(piece.length - 256)) {
        let read = 0;
        try {
          read = readSync(memory, piece, 0, Number(end - at < BigInt(piece.length) ? end - at : BigInt(piece.length)), at);
        } catch {
          continue; // not backed by anything
        }
        size += read;
        for (const [name, needle] of needles) if (piece.subarray(0, read).includes(needle)) names.add(name);
      }
    }
  } finally {
    closeSync(memory);
  }
  return { names: [...names].sort(), size };
}

/** One request on a connection of its own; what is kept open by it is `agent`'s. */
const ask = (agent, port, method, path, headers, body) =>
  new Promise((resolve, reject) => {
    const request = http.request({ agent, port, host: '127.0.0.1', method, path, headers: { host: `localhost:${port}`, ...headers } }, (answer) => {
      answer.resume();
      answer.on('end', () => resolve(answer.statusCode));
    });
    request.on('error', reject);
    request.end(body);
  });

test('nothing that a visitor\'s requests said is in the server\'s memory, outputs or environment a minute after', async (t) => {
  const server = await startServer();
  const agent = new http.Agent({ keepAlive: true });
  try {
    const secret = Object.fromEntries(['agent', 'language', 'address', 'forwarded', 'path', 'ticket', 'body', 'name', 'cookie'].map((name) => [name, `${name}-${randomBytes(9).toString('hex')}`]));
    const headers = {
      'user-agent': secret.agent, 'accept-language': secret.language, 'x-forwarded-for': secret.address, forwarded: `for=${secret.forwarded}`, cookie: secret.cookie,
    };
    const form = `--b\r\nContent-Disposition: form-data; name="sealed"; filename="${secret.name}"\r\n\r\n${secret.body}\r\n--b--\r\n`;
    const visit = async (keep) => {
      assert.equal(await ask(keep, server.port, 'GET', '/', headers), 200);
      assert.equal(await ask(keep, server.port, 'GET', `/${secret.path}`, headers), 404);
      assert.equal(await ask(keep, server.port, 'PUT', `/api/v1/reports/${'0'.repeat(32)}`, { ...headers, ticket: secret.ticket }, secret.body.repeat(3000)), 403);
      await ask(keep, server.port, 'POST', '/plain', { ...headers, 'content-type': 'multipart/form-data; boundary=b' }, form);
    };
    await visit(agent);
    for (let n = 0; n < 20; n++) await visit();
    // While they are served and shortly after, they are there: else the search would show nothing.
    const before = found(server.pid, secret);
    agent.destroy();
    assert.ok(before.names.length > 0, 'nothing was found right after the visit: this test shows nothing');
    t.diagnostic(`right after the visit: ${before.names.join(', ')} in ${before.size >> 20} MiB`);
    await setTimeout(50_000);
    const after = found(server.pid, secret);
    t.diagnostic(`when idle: ${after.names.join(', ') || 'nothing'} in ${after.size >> 20} MiB`);
    assert.deepEqual(after.names, []);
    for (const text of Object.values(secret)) {
      assert.ok(!server.printed().includes(text));
      assert.ok(!readFileSync(`/proc/${server.pid}/environ`).includes(text));
    }
  } finally {
    agent.destroy();
    await server.remove();
  }
});
