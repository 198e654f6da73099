// What lies in the server's memory when a visit is over and the server is idle: every page of it that can be written is read, from
// outside, and searched for what only the visitor's requests said, refused ones too. Nothing is promised of the time while a request is
// served. A whole conversation is forensics.test.mjs's.
import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import http from 'node:http';
import { test } from 'node:test';
import { setTimeout } from 'node:timers/promises';
import { startServer } from './lib/drop.mjs';
import { foundInMemory, searcher } from './lib/search.mjs';

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
    const search = searcher(secret);
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
    const before = foundInMemory(server.pid, search);
    agent.destroy();
    assert.ok(before.found.length > 0, 'nothing was found right after the visit: this test shows nothing');
    t.diagnostic(`right after the visit: ${before.found.join(', ')} in ${before.sizeInBytes >> 20} MiB`);
    await setTimeout(50_000);
    const after = foundInMemory(server.pid, search);
    t.diagnostic(`when idle: ${after.found.join(', ') || 'nothing'} in ${after.sizeInBytes >> 20} MiB`);
    assert.deepEqual(after.found, []);
    assert.deepEqual([...search.in(Buffer.from(server.printed())), ...search.in(readFileSync(`/proc/${server.pid}/environ`))], []);
  } finally {
    agent.destroy();
    await server.remove();
  }
});
