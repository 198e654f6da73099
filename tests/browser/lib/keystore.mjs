// A desk opened without the reviewer's tool, by typage: as docs/reviewing.md says, everything there is an age file.
import { readFile, readdir } from 'node:fs/promises';
import path from 'node:path';
import { pagePackage } from './signing.mjs';

/** The keystore is an age file under the passphrase, and keys stand in it in age's spelling. */
export async function identities(reviewer) {
  const { Decrypter } = await pagePackage('age-encryption');
  const decrypter = new Decrypter();
  decrypter.addPassphrase((await readFile(reviewer.env.SECUREDROP_PASSPHRASE_FILE, 'utf8')).trimEnd());
  const keystore = await decrypter.decrypt(await readFile(path.join(reviewer.home, 'keystore.age')), 'text');
  return keystore.match(/AGE-SECRET-KEY-PQ-1[0-9A-Z]*/g);
}

/** The plaintexts of the reports on a desk: archives that begin with report.json. */
export async function openedReports(reviewer, keys) {
  const { Decrypter } = await pagePackage('age-encryption');
  const decrypter = new Decrypter();
  for (const key of keys) decrypter.addIdentity(key);
  const names = (await readdir(reviewer.home, { recursive: true })).filter((name) => name.startsWith('reports') && name.endsWith('.age'));
  return Promise.all(names.map(async (name) => Buffer.from(await decrypter.decrypt(await readFile(path.join(reviewer.home, name))))));
}

/** report.json of such an archive: its length stands in the header (ustar), as octal digits. */
export function reportOf(archive) {
  const size = parseInt(archive.toString('latin1', 124, 135), 8);
  return JSON.parse(archive.toString('utf8', 512, 512 + size));
}
