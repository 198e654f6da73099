// A real drop: the server as it is shipped, and the reviewer's tool as it is shipped, in folders of their own.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import net from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

export const ROOT = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '../../..');
const SERVER = path.join(ROOT, 'server/bin/Release/net10.0/SecureDrop.Server.dll');
const REVIEWER = path.join(ROOT, 'reviewer-cli/bin/Release/net10.0/reviewer.dll');
const PASSPHRASE = 'a passphrase for tests alone';

/** So many ports, all different, that were free a moment ago. */
export async function freePorts(count) {
  const servers = Array.from({ length: count }, () => net.createServer().listen(0, '127.0.0.1'));
  await Promise.all(servers.map((server) => once(server, 'listening')));
  const ports = servers.map((server) => server.address().port);
  await Promise.all(servers.map((server) => (server.close(), once(server, 'close'))));
  return ports;
}

/** Runs a program to its end: {code, stdout, stderr}. */
export async function run(command, args, { env = {}, input, cwd } = {}) {
  const child = spawn(command, args, { cwd, env: { ...process.env, ...env }, stdio: [input === undefined ? 'ignore' : 'pipe', 'pipe', 'pipe'] });
  const out = [];
  const err = [];
  child.stdout.on('data', (d) => out.push(d));
  child.stderr.on('data', (d) => err.push(d));
  if (input !== undefined) child.stdin.end(input);
  const [code] = await once(child, 'close');
  return { code, stdout: Buffer.concat(out).toString(), stderr: Buffer.concat(err).toString() };
}

/** The server carries a copy of the page and its policy: an old one would be tested in place of the one that was built. */
async function sameServedPage() {
  for (const file of ['page.html', 'page.csp']) {
    const [built, served] = await Promise.all(['server', path.dirname(SERVER)].map((folder) => readFile(path.resolve(ROOT, folder, 'wwwroot', file))));
    if (!built.equals(served)) throw new Error('the page was built after the server: run dotnet build -c Release');
  }
}

/** One server process on ports of its own (`env`: more of its environment); `url` is the source's side, `reviewerUrl` the reviewers'. */
export async function startServer({ folder, port, reviewerPort, settings = {}, env = {}, cwd } = {}) {
  await sameServedPage();
  const data = folder ?? (await mkdtemp(path.join(tmpdir(), 'securedrop-server-')));
  const free = await freePorts(2);
  const source = port ?? free[0];
  const reviewer = reviewerPort ?? free[1];
  const url = `http://localhost:${source}`;
  const reviewerUrl = `http://localhost:${reviewer}`;
  const options = {
    'Drop:DataDirectory': data,
    'Source:Listen': `http://127.0.0.1:${source}`,
    'Source:Hosts:0': `localhost:${source}`,
    'Reviewer:Listen': `http://127.0.0.1:${reviewer}`,
    'Reviewer:Origin': reviewerUrl,
    'DeadDrop:PublishAtOnce': 'true',
    ...settings,
  };
  const child = spawn('dotnet', [SERVER, ...Object.entries(options).map(([k, v]) => `--SecureDrop:${k}=${v}`)], {
    cwd,
    env: { ...process.env, DOTNET_EnableDiagnostics: '0', ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let printed = '';
  child.stdout.on('data', (d) => (printed += d));
  child.stderr.on('data', (d) => (printed += d));
  const started = Date.now();
  while (!printed.includes('reviewer: ')) {
    if (child.exitCode !== null) throw new Error(`the server ended: ${printed}`);
    if (Date.now() - started > 60_000) throw new Error(`the server did not start: ${printed}`);
    await new Promise((r) => setTimeout(r, 50));
  }
  return {
    url,
    reviewerUrl,
    data,
    port: source,
    reviewerPort: reviewer,
    pid: child.pid,
    printed: () => printed,
    setupToken: /^setup-token: (\S+)$/m.exec(printed)?.[1],
    async stop(signal = 'SIGTERM') {
      if (child.exitCode === null && child.signalCode === null) {
        child.kill(signal);
        await once(child, 'close');
      }
    },
    async remove() {
      await this.stop();
      if (!folder) await rm(data, { recursive: true, force: true });
    },
  };
}

/** A reviewer's desk in a folder of its own; `run` runs the tool and fails on any exit code but 0, `try` answers it whatever it is. */
export async function desk() {
  const folder = await mkdtemp(path.join(tmpdir(), 'securedrop-desk-'));
  const passphrase = path.join(folder, 'passphrase');
  const home = path.join(folder, 'home');
  await writeFile(passphrase, PASSPHRASE, { mode: 0o600 });
  const env = { SECUREDROP_HOME: home, SECUREDROP_PASSPHRASE_FILE: passphrase, NO_COLOR: '1' };
  return {
    folder,
    home,
    env,
    try: (args, options = {}) => run('dotnet', [REVIEWER, ...args], { ...options, env: { ...env, ...options.env } }),
    async run(args, options = {}) {
      const result = await this.try(args, options);
      if (result.code !== 0) throw new Error(`reviewer ${args.join(' ')} ended with ${result.code}: ${result.stdout}${result.stderr}`);
      return result.stdout;
    },
    async json(args, options = {}) {
      return JSON.parse(await this.run([...args, '--json'], options));
    },
    remove: () => rm(folder, { recursive: true, force: true }),
  };
}

/** A drop that is set up: server, one reviewer's desk, and its link with the key. `draft(url)` makes the first roster's draft. */
export async function newDrop({ draft, ...options } = {}) {
  const server = await startServer(options);
  const reviewer = await desk();
  const remove = async () => {
    await server.remove();
    await reviewer.remove();
  };
  try {
    const init = ['init', '--name', 'The Test Paper', '--url', server.url, '--server', server.reviewerUrl, '--as', 'Ana'];
    if (draft) {
      const file = path.join(reviewer.folder, 'draft.jsonc');
      await writeFile(file, JSON.stringify(draft(server.url)));
      init.push('--draft', file);
    }
    const { link } = await reviewer.json(init);
    await reviewer.run(['roster', 'publish', '--setup-token-file', '-'], { input: `${server.setupToken}\n` });
    return { server, reviewer, link, remove };
  } catch (error) {
    await remove();
    throw error;
  }
}

/** Another reviewer's desk, whose card the first one (who holds the drop key) puts into the next roster. */
export async function secondDesk({ server, reviewer, link }, name = 'Ben') {
  const second = await desk();
  await second.run(['init', '--reviewer', '--as', name, '--link', link, '--server', server.reviewerUrl]);
  const card = path.join(second.folder, 'card.json');
  await second.run(['key', 'export', '--out', card]);
  await reviewer.run(['roster', 'add', card, '--yes']);
  return second;
}

/** Signs what stands in the draft as the next roster, and publishes it. */
export async function nextRoster({ reviewer }) {
  await reviewer.run(['roster', 'sign']);
  await reviewer.run(['roster', 'publish']);
}

/** After a `sync`: the one report that this desk had not listed before. Reports of a day have no order, on purpose. */
export async function newReport(reviewer, seen) {
  await reviewer.run(['sync']);
  const fresh = (await reviewer.json(['inbox'])).reports.filter((r) => !seen.has(r.handle));
  for (const { handle } of fresh) seen.add(handle);
  if (fresh.length !== 1) throw new Error(`wanted one new report, found ${fresh.length}: ${JSON.stringify(fresh)}`);
  return fresh[0];
}

/** After a `sync`: the one report whose text begins so, as the inbox lists it. */
export async function received(reviewer, beginning) {
  // One unlocking for both: that is what takes its time.
  const printed = await reviewer.run(['shell'], { input: 'sync --json\ninbox --json\n' });
  const { reports } = JSON.parse(printed.slice(printed.lastIndexOf('\n{')));
  const found = reports.filter((r) => r.firstWords.startsWith(beginning));
  if (found.length !== 1) throw new Error(`wanted one report that begins "${beginning}", found ${found.length} among ${JSON.stringify(reports.map((r) => r.firstWords))}`);
  return found[0];
}

/** Opens a report and writes its attachments: what the tool says, and the attachments' bytes in order. */
export async function openWithFiles(reviewer, handle) {
  const out = path.join(reviewer.folder, `out-${handle}`);
  const opened = await reviewer.json(['open', handle, '--out', out]);
  const files = [];
  for (const written of opened.attachments) files.push(await readFile(path.resolve(out, written.path)));
  return { opened, files };
}
