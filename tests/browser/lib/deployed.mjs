// The files of deploy/, as this test runs them: the same lines, with folders of the test's own instead of the system's. A folder
// that is not found where it is looked for is an error, so that the two cannot drift apart unnoticed.
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { ROOT } from './drop.mjs';

export const DEPLOY = path.join(ROOT, 'deploy');

/** The text of a file of deploy/ with every text of `instead` replaced by what it names. */
async function derived(file, instead) {
  let text = await readFile(path.join(DEPLOY, file), 'utf8');
  for (const [shipped, own] of Object.entries(instead)) {
    if (!text.includes(shipped)) throw new Error(`deploy/${file} no longer names ${shipped}`);
    text = text.replaceAll(shipped, own);
  }
  return text;
}

const lines = (text) => text.split('\n').filter((line) => line !== '' && !line.startsWith('#'));

/** The lines of all torrc files. `state` is for /var/lib/tor, `sockets` for /run/securedrop, `log` for what goes to syslog. */
export async function torrc({ state, sockets, log }) {
  const service = { '/var/lib/tor/': `${state}/`, '/run/securedrop/': `${sockets}/` };
  const files = [
    await derived('tor/securedrop.conf', { 'Log warn syslog': `Log warn file ${log}` }),
    await derived('tor/securedrop-source.conf', service),
    await derived('tor/securedrop-reviewers.conf', service),
  ];
  return files.flatMap(lines);
}

/** The settings in server.env, as {key: value} without the section's name. */
export async function serverSettings({ data, sockets, sourceOnion, reviewersOnion }) {
  const text = await derived('server.env', {
    '/var/lib/securedrop/': `${data}/`,
    '/run/securedrop/': `${sockets}/`,
    'SOURCE.onion': sourceOnion,
    'REVIEWERS.onion': reviewersOnion,
  });
  return Object.fromEntries(lines(text).map((line) => {
    const setting = /^SecureDrop__(\w+)=(.*)$/.exec(line);
    if (!setting) throw new Error(`deploy/server.env has a line that is not a setting: ${line}`);
    return [setting[1].replaceAll('__', ':'), setting[2]];
  }));
}
