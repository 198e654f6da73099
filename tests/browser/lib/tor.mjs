// A Tor network of its own on loopback: three directory authorities and three relays, and on it the onion services and clients of a
// test. It knows no other relay and has no exit, so nothing leaves the machine. Every process ends by itself when this one does.
import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import net from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { freePorts, run } from './drop.mjs';

const AUTHORITIES = 3;
const RELAYS = 3;
const STARTS_WITHIN_MS = 120_000;
const SOCKS_ANSWERS_WITHIN_MS = 30_000;

// The first vote is one second after each five of the clock. Who starts just after it has the longest time to get every relay known.
const FIRST_VOTE_INTERVAL_MS = 5_000;
const FIRST_VOTE_AT_MS = 1_000;

const isInstalled = (program) => ['/usr/bin', '/usr/sbin', '/usr/local/bin'].some((folder) => existsSync(path.join(folder, program)));

/** Why there can be no Tor network here, or false. */
export const TOR_IS_MISSING = isInstalled('tor') && isInstalled('tor-gencert') ? false : 'tor is not installed (package tor)';

/** Why this tor asks no client of an onion service for proof of work, or false. */
export const PROOF_OF_WORK_IS_MISSING = TOR_IS_MISSING || (execFileSync('tor', ['--list-modules']).toString().includes('pow: yes')
  ? false : 'this tor was built without proof of work for onion services');

// What every process has: a network so small and so young would otherwise be taken for none.
const common = (folder, directory) => [
  'TestingTorNetwork 1',
  `DataDirectory ${folder}`,
  'RunAsDaemon 0',
  'Log notice stdout',
  'AssumeReachable 1',
  'PathsNeededToBuildCircuits 0.67',
  // Also ended where the test is killed: tor looks every 15 seconds whether this process is still there.
  `__OwningControllerProcess ${process.pid}`,
  ...directory,
];

const relay = (name, orPort) => [
  `Nickname ${name}`, 'Address 127.0.0.1', `ORPort 127.0.0.1:${orPort}`, 'SocksPort 0', 'ExitRelay 0', 'ExitPolicy reject *:*',
];

const authority = (dirPort) => [
  'AuthoritativeDirectory 1', 'V3AuthoritativeDirectory 1', `DirPort 127.0.0.1:${dirPort}`, 'ContactInfo none@localhost',
  'TestingV3AuthInitialVotingInterval 5', 'TestingV3AuthInitialVoteDelay 2', 'TestingV3AuthInitialDistDelay 2',
  // Addresses of onion services move every 24 votes, which no test should meet more than once.
  'V3AuthVotingInterval 20', 'V3AuthVoteDelay 4', 'V3AuthDistDelay 4',
  'TestingDirAuthVoteGuard *', 'TestingDirAuthVoteHSDir *', 'TestingMinExitFlagThreshold 0',
];

/** Waits until `isSo()` is true; what it answered last is said where that takes too long. */
export async function until(what, isSo) {
  let last;
  for (const started = Date.now(); Date.now() - started < STARTS_WITHIN_MS; await new Promise((r) => setTimeout(r, 200))) {
    last = await isSo();
    if (last === true) return;
  }
  throw new Error(`waited in vain until ${what}; last seen: ${last}`);
}

/** How many running relays the directory authority at this port names. */
async function relaysKnownAt(dirPort) {
  const answer = await fetch(`http://127.0.0.1:${dirPort}/tor/status-vote/current/consensus-microdesc`).catch(() => null);
  if (!answer?.ok) return 0;
  return (await answer.text()).split('\n').filter((line) => /^s .*\bRunning\b/.test(line)).length;
}

/** The authority's two keys, and how everybody names it. */
async function makeAuthority(folder, name, orPort, dirPort) {
  const keys = path.join(folder, 'keys');
  await mkdir(keys, { recursive: true, mode: 0o700 });
  const made = await run('tor-gencert', [
    '--create-identity-key', '--passphrase-fd', '0', '-m', '12', '-a', `127.0.0.1:${dirPort}`,
    '-i', path.join(keys, 'authority_identity_key'), '-s', path.join(keys, 'authority_signing_key'), '-c', path.join(keys, 'authority_certificate'),
  ], { input: 'a passphrase for tests alone\n' });
  if (made.code !== 0) throw new Error(`tor-gencert: ${made.stdout}${made.stderr}`);
  const identity = /^fingerprint ([0-9A-F]{40})$/m.exec(await readFile(path.join(keys, 'authority_certificate'), 'utf8'))[1];
  const torrc = path.join(folder, 'fingerprint.torrc');
  // Any authority will do to be allowed to ask for one's own fingerprint.
  const nobody = `DirAuthority nobody orport=1 v3ident=${'0'.repeat(40)} 127.0.0.1:1 ${'0'.repeat(40)}`;
  await writeFile(torrc, [...common(folder, [nobody]), ...relay(name, orPort)].join('\n'));
  const listed = await run('tor', ['--quiet', '-f', torrc, '--list-fingerprint']);
  const fingerprint = /(?:[0-9A-F]{4} ?){10}/.exec(listed.stdout)?.[0].replaceAll(' ', '');
  if (!fingerprint) throw new Error(`tor --list-fingerprint: ${listed.stdout}${listed.stderr}`);
  return `DirAuthority ${name} orport=${orPort} no-v2 v3ident=${identity} 127.0.0.1:${dirPort} ${fingerprint}`;
}

/** One tor process on these lines of torrc; `has(pattern)` waits for a line of its log. */
async function start(folder, lines) {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const torrc = path.join(folder, 'torrc');
  await writeFile(torrc, `${lines.join('\n')}\n`);
  // Without its own defaults file: Debian's would make it a daemon of the system.
  const child = spawn('tor', ['--defaults-torrc', '/dev/null', '-f', torrc], { stdio: ['ignore', 'pipe', 'pipe'] });
  let printed = '';
  child.stdout.on('data', (d) => (printed += d));
  child.stderr.on('data', (d) => (printed += d));
  child.on('error', (e) => (printed += e.message));
  return {
    printed: () => printed,
    has: (pattern) => until(`tor says ${pattern}`, () => {
      if (child.exitCode !== null) throw new Error(`tor ended with ${child.exitCode}: ${printed.slice(-2000)}`);
      return pattern.test(printed);
    }),
    reload: () => child.kill('SIGHUP'),
    async stop() {
      if (child.exitCode !== null || child.signalCode !== null) return;
      // Not SIGTERM: nothing here is worth keeping, and tor 0.4.9 sometimes waits for itself for ever when it is asked to end.
      child.kill('SIGKILL');
      await once(child, 'close');
    },
  };
}

/**
 * Starts the network. `service(lines)` and `client(lines)` add a process to it, on lines of torrc; `stop()` ends every process and
 * removes every file. `folder` is short, for sockets.
 */
export async function torNetwork() {
  const folder = await mkdtemp(path.join(tmpdir(), 'sd-tor-'));
  const processes = [];
  const stop = async () => {
    await Promise.all(processes.map((tor) => tor.stop()));
    await rm(folder, { recursive: true, force: true, maxRetries: 5 });
  };
  try {
    const ports = await freePorts(2 * AUTHORITIES + RELAYS);
    const at = (name) => path.join(folder, name);
    const authorities = Array.from({ length: AUTHORITIES }, (_, i) => ({ name: `auth${i}`, orPort: ports.pop(), dirPort: ports.pop() }));
    const directory = await Promise.all(authorities.map((a) => makeAuthority(at(a.name), a.name, a.orPort, a.dirPort)));
    const add = async (name, lines) => {
      const tor = await start(at(name), [...common(at(name), directory), ...lines]);
      processes.push(tor);
      return tor;
    };
    await new Promise((r) => setTimeout(r, FIRST_VOTE_INTERVAL_MS - ((Date.now() - FIRST_VOTE_AT_MS) % FIRST_VOTE_INTERVAL_MS)));
    for (const a of authorities) await add(a.name, [...relay(a.name, a.orPort), ...authority(a.dirPort)]);
    for (let i = 0; i < RELAYS; i++) await add(`relay${i}`, relay(`relay${i}`, ports.pop()));
    // Who starts with a consensus that lacks half of the relays builds no circuit until the next one.
    await until('every relay is in the consensus', () => relaysKnownAt(authorities[0].dirPort).then((known) => known === AUTHORITIES + RELAYS));
    return {
      folder,
      stop,
      service: (lines) => add('service', lines),
      async client(lines = []) {
        const [port] = await freePorts(1);
        return { port, tor: await add('client', [`SocksPort 127.0.0.1:${port} ExtendedErrors`, ...lines]) };
      },
    };
  } catch (e) {
    await stop();
    throw e;
  }
}

/**
 * Asks a SOCKS port for a connection (RFC 1928) and answers the reply code: 0 is connected; with ExtendedErrors, tor's 0xF0 to 0xF7 say
 * what is wrong with the onion service, 0xF4 that a client's authorisation is missing.
 */
export async function socksReply(port, host, targetPort = 80) {
  const socket = net.connect(port, '127.0.0.1');
  socket.setTimeout(SOCKS_ANSWERS_WITHIN_MS, () => socket.destroy(new Error('the SOCKS port does not answer')));
  try {
    await once(socket, 'connect');
    socket.write(Buffer.from([5, 1, 0]));
    const [greeting] = await once(socket, 'data');
    if (greeting[1] !== 0) throw new Error('the SOCKS port wants a login');
    socket.write(Buffer.concat([Buffer.from([5, 1, 0, 3, host.length]), Buffer.from(host), Buffer.from([targetPort >> 8, targetPort & 255])]));
    const [reply] = await once(socket, 'data');
    return reply[1];
  } finally {
    socket.destroy();
  }
}

/** Firefox as Tor Browser sets it up: every name and every connection through this SOCKS port, and an onion service counts as secure. */
export const throughTor = (port) => ({
  'network.proxy.type': 1,
  'network.proxy.socks': '127.0.0.1',
  'network.proxy.socks_port': port,
  'network.proxy.socks_version': 5,
  'network.proxy.socks_remote_dns': true,
  'network.proxy.no_proxies_on': '',
  'network.proxy.allow_hijacking_localhost': true,
  'network.proxy.failover_direct': false,
  'network.dns.disabled': true,
  'network.dns.blockDotOnion': false,
  'network.trr.mode': 5,
  'network.http.http3.enable': false,
  'media.peerconnection.enabled': false,
  'dom.securecontext.allowlist_onions': true,
});
