// A watcher of the wire between a browser and the server, and what it can count: sizes, directions and times, never content. Beside
// it, what the server sees: the requests themselves, in order, with their sizes.
import { once } from 'node:events';
import net from 'node:net';

/**
 * A TCP relay. `record()` begins a recording and answers what ends it: {events: [milliseconds, 1 towards the server or -1 from it,
 * bytes, connection], requests: [first line, bytes sent, bytes answered]}.
 */
export async function recordingLine(targetPort) {
  const open = new Set();
  let connections = 0;
  let tape = { events: [], requests: [] };
  const server = net.createServer({ noDelay: true }, (client) => {
    const connection = connections++;
    const target = net.connect({ port: targetPort, host: '127.0.0.1', noDelay: true });
    let request = null;
    for (const socket of [client, target]) {
      open.add(socket);
      socket.on('error', () => {});
      socket.on('close', () => { open.delete(socket); client.destroy(); target.destroy(); });
    }
    client.on('data', (bytes) => {
      tape.events.push([performance.now(), 1, bytes.length, connection]);
      const first = /^(?:GET|PUT|POST) \S+(?= HTTP\/1\.1\r\n)/.exec(bytes.subarray(0, 200).toString('latin1'))?.[0];
      if (first) tape.requests.push((request = [first.replace(/[0-9a-f]{32}/, 'ID').replace(/\d{4}-\d\d-\d\d/, 'DAY'), 0, 0]));
      if (request) request[1] += bytes.length;
      target.write(bytes);
    });
    target.on('data', (bytes) => {
      tape.events.push([performance.now(), -1, bytes.length, connection]);
      if (request) request[2] += bytes.length;
      client.write(bytes);
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://localhost:${server.address().port}`,
    record() {
      tape = { events: [], requests: [] };
      const mine = tape;
      return () => {
        tape = { events: [], requests: [] };
        return mine;
      };
    },
    async close() {
      for (const socket of open) socket.destroy();
      server.close();
      await once(server, 'close');
    },
  };
}

const MOST_BURSTS = 16;
/** On a scale where twice as long is one step more, from a tenth of a millisecond on. */
const step = (milliseconds) => Math.log2(0.1 + Math.max(0, milliseconds));

/**
 * What a watcher would compare of one visit, as numbers: bytes each way, connections, how long it took, and of every burst (bytes
 * that follow one another in one direction) its size, how long it took, and how long nothing came before it. From the first byte on:
 * nobody on the wire sees the button.
 */
export function features(events) {
  const bursts = [];
  for (const [at, direction, bytes] of events) {
    const last = bursts.at(-1);
    if (last?.direction === direction) Object.assign(last, { end: at, bytes: last.bytes + bytes });
    else bursts.push({ direction, start: at, end: at, bytes, gap: last ? at - last.end : 0 });
  }
  const sum = (direction) => events.filter(([, way]) => way === direction).reduce((total, [, , bytes]) => total + bytes, 0);
  const all = [sum(1), sum(-1), bursts.length, new Set(events.map(([, , , connection]) => connection)).size, step(events.at(-1)[0] - events[0][0])];
  for (let n = 0; n < MOST_BURSTS; n++) {
    const { gap = 0, bytes = 0, start = 0, end = 0 } = bursts[n] ?? {};
    all.push(step(gap), bytes, step(end - start));
  }
  return all;
}
