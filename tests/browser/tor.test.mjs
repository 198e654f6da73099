// A drop behind Tor, as deploy/ sets it up: the shipped torrc files on a private Tor network, the server on its two Unix sockets, a
// reviewer's tool and a browser that reach it through Tor and in no other way.
import assert from 'node:assert/strict';
import { createHash, randomBytes } from 'node:crypto';
import { appendFile, chmod, mkdir, readFile, readdir, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { after, before, describe, test } from 'node:test';
import { BROWSERS, launch } from './lib/browsers.mjs';
import { DEPLOY, serverSettings, torrc } from './lib/deployed.mjs';
import { desk, newReport, run, startServer } from './lib/drop.mjs';
import { delivered, open, takeWords, write } from './lib/source.mjs';
import { PROOF_OF_WORK_IS_MISSING, socksReply, throughTor, torNetwork, TOR_IS_MISSING, until } from './lib/tor.mjs';

// What tor answers on a SOCKS port with ExtendedErrors (tor(1)).
const CONNECTED = 0x00;
const AUTHORISATION_MISSING = 0xf4;
const AUTHORISATION_WRONG = 0xf5;

const sha256 = (bytes) => createHash('sha256').update(bytes).digest('hex');
const randomKey = () => run('sh', ['-c', 'head -c 32 /dev/urandom | base32 -w 0 | tr -d =']).then((made) => made.stdout);
const checkAuthorisation = (directory) => run(path.join(DEPLOY, 'tor/securedrop-check-authorization'), [directory]);

describe('behind Tor', { skip: TOR_IS_MISSING }, () => {
  let network;
  let service;
  let client;
  let server;
  let reviewer;
  let onion;
  let reviewersDirectory;
  let clientKeys;
  let link;
  const at = (...names) => path.join(network.folder, ...names);

  before(async () => {
    network = await torNetwork();
    for (const folder of ['state', 'run', 'auth']) await mkdir(at(folder), { mode: 0o700 });
    reviewersDirectory = at('state', 'securedrop-reviewers');
    clientKeys = at('auth');
    // As the guide does before tor first starts: a key that nobody has, so that the service is closed from its first second on.
    const clients = path.join(reviewersDirectory, 'authorized_clients');
    await mkdir(clients, { recursive: true, mode: 0o700 });
    await chmod(reviewersDirectory, 0o700);
    await writeFile(path.join(clients, 'nobody.auth'), `descriptor:x25519:${await randomKey()}\n`, { mode: 0o600 });
    const shipped = await torrc({ state: at('state'), sockets: at('run'), log: at('service.log') });
    service = await network.service([...shipped, 'Log [rend]info stdout']);
    client = await network.client([`ClientOnionAuthDir ${clientKeys}`]);
    await service.has(/Bootstrapped 100%/);

    const hostname = async (name) => (await readFile(at('state', name, 'hostname'), 'utf8')).trim();
    onion = { source: await hostname('securedrop-source'), reviewers: await hostname('securedrop-reviewers') };
    const settings = await serverSettings({ data: at('data'), sockets: at('run'), sourceOnion: onion.source, reviewersOnion: onion.reviewers });
    server = await startServer({ folder: at('data', 'drop'), settings: { ...settings, 'DeadDrop:PublishAtOnce': 'false' } });

    reviewer = await desk();
    ({ link } = await reviewer.json([
      'init', '--name', 'The Test Paper', '--url', `http://${onion.source}`, '--server', `http://${onion.reviewers}`, '--as', 'Ana',
    ]));
    await client.tor.has(/Bootstrapped 100%/);
    await until('the source’s service answers', async () => (await socksReply(client.port, onion.source)) === CONNECTED);
  });

  after(async () => {
    await server?.stop();
    await reviewer?.remove();
    await network?.stop();
  });

  const proxied = (args) => [...args, '--proxy', `socks5h://127.0.0.1:${client.port}`];

  test('the sockets let their group in, and nobody else', async () => {
    for (const name of ['source.sock', 'reviewer.sock']) assert.equal(((await stat(at('run', name))).mode & 0o777).toString(8), '660');
  });

  test('tor took every line it was given', async () => {
    assert.doesNotMatch(await readFile(at('service.log'), 'utf8'), /securedrop|HiddenService|unrecogni[sz]ed|obsolete|Skipping/i);
  });

  test('the source’s service asks for proof of work when it is flooded', { skip: PROOF_OF_WORK_IS_MISSING }, async () => {
    assert.match(service.printed(), /Service PoW defenses are enabled/);
  });

  test('the reviewers’ service is closed to whoever has no key, or a wrong one', async () => {
    await until('the reviewers’ service is found', async () => (await socksReply(client.port, onion.reviewers)) === AUTHORISATION_MISSING);
    const refused = await reviewer.try(proxied(['roster', 'publish', '--setup-token-file', '-']), { input: `${server.setupToken}\n` });
    assert.notEqual(refused.code, 0);
    assert.match(refused.stderr, /reach|connect/i);

    const file = path.join(clientKeys, 'ana.auth_private');
    await writeFile(file, `${onion.reviewers.replace('.onion', '')}:descriptor:x25519:${await randomKey()}\n`, { mode: 0o600 });
    client.tor.reload();
    await until('the wrong key is found wrong', async () => (await socksReply(client.port, onion.reviewers)) === AUTHORISATION_WRONG);
    await run('rm', [file]);
    client.tor.reload();
  });

  test('without a proxy the tool looks up no onion address, and says what to add', async () => {
    const refused = await reviewer.try(['roster', 'publish', '--proxy', '', '--setup-token-file', '-'], { input: `${server.setupToken}\n` });
    assert.notEqual(refused.code, 0);
    assert.match(refused.stderr, /which only Tor reaches: give --proxy socks5h:/);
  });

  test('with the key that securedrop-client-key made, the tool publishes the roster', async () => {
    const made = await run(path.join(DEPLOY, 'tor/securedrop-client-key'), [onion.reviewers, 'ana', clientKeys]);
    assert.equal(made.code, 0, made.stderr);
    await writeFile(path.join(reviewersDirectory, 'authorized_clients', 'ana.auth'), made.stdout, { mode: 0o600 });
    const checked = await checkAuthorisation(reviewersDirectory);
    assert.equal(checked.code, 0, checked.stderr);
    service.reload();
    client.tor.reload();
    await until('the key opens', async () => (await socksReply(client.port, onion.reviewers)) === CONNECTED);
    await reviewer.run(proxied(['roster', 'publish', '--setup-token-file', '-']), { input: `${server.setupToken}\n` });
  });

  test('a report with an attachment goes from a browser at the Safer level to the tool', { skip: BROWSERS.find((b) => b.name === 'firefox-safer').skip }, async () => {
    const bytes = randomBytes(3 * 1024 * 1024 + 17);
    const attachment = at('ledger.bin');
    await writeFile(attachment, bytes);
    const started = await launch('firefox-safer', { preferences: throughTor(client.port) });
    try {
      const page = await started.page();
      await open(page, link);
      // The server has no port: there is no way to it but the socket, and nobody on the socket but tor.
      assert.equal(await page.evaluate(() => location.host), onion.source);
      await takeWords(page);
      await write(page, { message: 'Told through Tor.', files: [attachment] });
      await delivered(page);
    } finally {
      await started.close();
    }

    const report = await newReport({ ...reviewer, run: (args) => reviewer.run(proxied(args)) }, new Set());
    const out = at('out');
    const opened = await reviewer.json(['open', report.handle, '--out', out]);
    assert.equal(opened.text, 'Told through Tor.');
    const written = (await readdir(out, { recursive: true, withFileTypes: true })).filter((e) => e.isFile());
    const digests = await Promise.all(written.map(async (e) => sha256(await readFile(path.join(e.parentPath ?? e.path, e.name)))));
    assert.ok(digests.includes(sha256(bytes)), `the attachment is not among ${written.map((e) => e.name)}`);
  });
});

describe('securedrop-check-authorization', () => {
  const folder = () => run('mktemp', ['-d']).then((made) => made.stdout.trim());

  test('refuses where tor would let everybody in', async () => {
    const directory = await folder();
    const clients = path.join(directory, 'authorized_clients');
    const file = path.join(clients, 'ana.auth');
    assert.match((await checkAuthorisation(directory)).stderr, /missing/);
    await mkdir(clients);
    assert.match((await checkAuthorisation(directory)).stderr, /no \.auth file/);
    const right = `descriptor:x25519:${await randomKey()}\n`;
    for (const wrong of ['', right.slice(0, -2), right.toLowerCase(), `descriptor:x25519:\n${right}`, `${right}${right}`]) {
      await writeFile(file, wrong);
      const refused = await checkAuthorisation(directory);
      assert.equal(refused.code, 1, wrong);
      assert.ok(refused.stderr.includes(file), refused.stderr);
    }
    await writeFile(file, right);
    assert.equal((await checkAuthorisation(directory)).code, 0);
    await appendFile(file, 'x');
    assert.equal((await checkAuthorisation(directory)).code, 1);
    await run('rm', ['-r', directory]);
  });
});
