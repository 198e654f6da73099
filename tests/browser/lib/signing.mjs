// minisign and codenames from Node's own crypto: so that tests can sign what no tool of the project would.
import { createHash, createPrivateKey, createPublicKey, hkdfSync, randomBytes, sign } from 'node:crypto';
import { createRequire } from 'node:module';
import path from 'node:path';
import { ROOT } from './drop.mjs';

const PKCS8_ED25519 = Buffer.from('302e020100300506032b657004220420', 'hex');

/** A package that the page's build or tests have installed already. */
export const pagePackage = (name) => import(createRequire(path.join(ROOT, 'server/Web/package.json')).resolve(name));

/** An Ed25519 key of 32 bytes as minisign spells it: `text` is its public key. */
export function signingKey(seed = randomBytes(32)) {
  const key = createPrivateKey({ key: Buffer.concat([PKCS8_ED25519, seed]), format: 'der', type: 'pkcs8' });
  const bytes = createPublicKey(key).export({ format: 'der', type: 'spki' }).subarray(-32);
  const number = createHash('sha256').update(bytes).digest().subarray(0, 8);
  return {
    bytes,
    text: Buffer.concat([Buffer.from('Ed'), number, bytes]).toString('base64'),
    /** The four lines of a prehashed signature of `statement` (a text or bytes). */
    sign(purpose, statement) {
      const signature = sign(null, createHash('blake2b512').update(statement).digest(), key);
      const comment = `securedrop/1 ${purpose}`;
      const global = sign(null, Buffer.concat([signature, Buffer.from(comment)]), key);
      const whole = Buffer.concat([Buffer.from('ED'), number, signature]).toString('base64');
      return `untrusted comment: securedrop/1\n${whole}\ntrusted comment: ${comment}\n${global.toString('base64')}\n`;
    },
  };
}

/** What twelve English words stand for at the drop whose first key has this text. */
export async function codenameKeys(words, dropKey) {
  const { mnemonicToEntropy } = await pagePackage('@scure/bip39');
  const { wordlist } = await pagePackage('@scure/bip39/wordlists/english.js');
  const { bech32 } = await pagePackage('@scure/base');
  const salt = Buffer.concat([Buffer.from('securedrop/1 codename'), Buffer.from(dropKey, 'base64').subarray(10)]);
  const entropy = Buffer.from(mnemonicToEntropy(words.join(' '), wordlist));
  const derive = (info) => Buffer.from(hkdfSync('sha256', entropy, salt, info, 32));
  return {
    entropy,
    identity: bech32.encodeFromBytes('age-secret-key-pq-', derive('recipient')).toUpperCase(),
    signing: signingKey(derive('signing')),
    tag: derive('tag'),
  };
}
