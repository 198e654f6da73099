// Between a browser and the server, as a bad line or a hostile host would stand: one that sees connections, one that sees requests.
import { once } from 'node:events';
import http from 'node:http';
import net from 'node:net';
import { Transform } from 'node:stream';
import { setTimeout } from 'node:timers/promises';

async function listen(server) {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return server.address().port;
}

/**
 * A line that can break. `cutAfter(n)` resets every connection once n more bytes went towards the server; with `{ stayDown: true }`
 * new ones are reset too, until `mend()`. `sent()` is how many bytes went towards the server in all. `downRate` (bytes a second),
 * while set, holds back what comes from the server.
 */
export async function brittleLine(targetPort) {
  const open = new Set();
  let sentInBytes = 0;
  let limitInBytes = Infinity;
  let stayDown = false;
  let down = false;
  let cuts = 0;
  const line = { downRate: null };
  const slowly = () => new Transform({
    async transform(bytes, _, done) {
      for (let at = 0; at < bytes.length; at += 2048) {
        const slice = bytes.subarray(at, at + 2048);
        if (line.downRate !== null) await setTimeout((slice.length / line.downRate) * 1000);
        this.push(slice);
      }
      done();
    },
  });
  const server = net.createServer((client) => {
    if (down) return client.resetAndDestroy();
    const target = net.connect(targetPort, '127.0.0.1');
    for (const socket of [client, target]) {
      open.add(socket);
      socket.on('error', () => {});
      socket.on('close', () => { open.delete(socket); client.destroy(); target.destroy(); });
    }
    client.on('data', (bytes) => {
      sentInBytes += bytes.length;
      if (sentInBytes < limitInBytes) return void target.write(bytes);
      limitInBytes = Infinity;
      down = stayDown;
      cuts++;
      for (const socket of open) socket.resetAndDestroy();
    });
    target.pipe(slowly()).on('error', () => {}).pipe(client);
  });
  const port = await listen(server);
  return Object.assign(line, {
    url: `http://localhost:${port}`,
    sent: () => sentInBytes,
    cuts: () => cuts,
    cutAfter(bytes, options = {}) {
      limitInBytes = sentInBytes + bytes;
      stayDown = options.stayDown ?? false;
    },
    mend() {
      down = false;
    },
    async close() {
      for (const socket of open) socket.destroy();
      server.close();
      await once(server, 'close');
    },
  });
}

const headSize = (first, rawHeaders) =>
  first.length + 4 + rawHeaders.reduce((sum, text) => sum + text.length + 2, 0);

/**
 * A host in between: hands every request on and keeps what an onlooker sees of it. `state` says what it does to some of them:
 * `answers` has its own answers (texts or bytes) to paths; a request whose method and path match `broken` gets no answer, one that
 * matches `loseOnce` takes effect and its answer is lost, once; `busy` is answered 503, as a host in between would; `refused` ({line,
 * status, title, type, retryAfter, times}) as the server itself would refuse, so many times or always; `hold` waits for `release()`.
 */
export async function hostileHost(targetPort) {
  const requests = [];
  const exchanges = [];
  const values = [];
  const waiting = [];
  const state = { answers: {}, refused: null, broken: null, loseOnce: null, busy: null, hold: null };
  const server = http.createServer(async (request, response) => {
    const line = `${request.method} ${request.url}`;
    requests.push(line);
    if (state.broken?.test(line)) return void request.socket.destroy();
    if (state.busy?.test(line)) return void response.writeHead(503, { 'Content-Type': 'text/html' }).end('<h1>busy</h1>');
    if (state.hold?.test(line)) await new Promise((resolve) => waiting.push(resolve));
    if (state.refused?.line.test(line)) {
      const { status, title, type, retryAfter, times } = state.refused;
      if (times !== undefined) state.refused = times > 1 ? { ...state.refused, times: times - 1 } : null;
      request.resume();
      response.writeHead(status, { 'Content-Type': 'application/problem+json', ...(retryAfter !== undefined && { 'Retry-After': String(retryAfter) }) });
      return response.end(JSON.stringify({ title, type, status }));
    }
    const own = state.answers[request.url];
    if (own != null) {
      response.writeHead(200, { 'Content-Type': typeof own === 'string' ? 'application/json' : 'application/octet-stream', 'Cache-Control': 'no-store' });
      return response.end(own);
    }
    if (request.headers.ticket) values.push([line, request.headers.ticket]);
    const exchange = { line, head: headSize(line, request.rawHeaders), body: 0, status: 0, answer: 0 };
    exchanges.push(exchange);
    request.on('data', (bytes) => (exchange.body += bytes.length));
    const onwards = http.request(
      { host: '127.0.0.1', port: targetPort, method: request.method, path: request.url, headers: request.headers, agent: false },
      (answer) => {
        if (state.loseOnce?.test(line)) {
          state.loseOnce = null;
          answer.resume();
          return answer.on('end', () => request.socket.destroy());
        }
        exchange.status = answer.statusCode;
        answer.on('data', (bytes) => (exchange.answer += bytes.length));
        response.writeHead(answer.statusCode, answer.rawHeaders);
        answer.pipe(response);
      },
    );
    onwards.on('error', () => response.destroy());
    request.pipe(onwards);
  });
  const port = await listen(server);
  return {
    url: `http://localhost:${port}`,
    port,
    requests,
    exchanges,
    /** [line, `Ticket` header] of each upload request that was handed on. */
    values,
    state,
    /** Resolves when a request is being held. */
    async held() {
      while (waiting.length === 0) await setTimeout(20);
    },
    release() {
      state.hold = null;
      for (const resolve of waiting.splice(0)) resolve();
    },
    async close() {
      this.release();
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}
