// Between a browser and the server, as a bad line or a hostile host would stand: one that sees connections, one that sees requests.
import { once } from 'node:events';
import http from 'node:http';
import net from 'node:net';

async function listen(server) {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return server.address().port;
}

/**
 * A line that can break. `cutAfter(n)` resets every connection once n more bytes went towards the server; with `{ stayDown: true }`
 * new ones are reset too, until `mend()`. `sent()` is how many bytes went towards the server in all.
 */
export async function brittleLine(targetPort) {
  const open = new Set();
  let sentInBytes = 0;
  let limitInBytes = Infinity;
  let stayDown = false;
  let down = false;
  let cuts = 0;
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
    target.pipe(client);
  });
  const port = await listen(server);
  return {
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
  };
}

/** A host in between: hands every request on and keeps its method and path; `roster` (a text, while set) is its own answer to the roster's route. */
export async function hostileHost(targetPort) {
  const requests = [];
  const state = { roster: null };
  const server = http.createServer((request, response) => {
    requests.push(`${request.method} ${request.url}`);
    if (state.roster !== null && request.url === '/api/v1/roster') {
      response.writeHead(200, { 'Content-Type': 'application/json', 'Cache-Control': 'no-store' });
      return response.end(state.roster);
    }
    const onwards = http.request(
      { host: '127.0.0.1', port: targetPort, method: request.method, path: request.url, headers: request.headers, agent: false },
      (answer) => {
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
    requests,
    state,
    async close() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}
