// Replies and their slots as a reviewer's tool makes them, and as no tool would.
import { createHmac, randomBytes } from 'node:crypto';
import { pagePackage } from './signing.mjs';

const REPLY_PLAINTEXT_IN_BYTES = 8192;
export const SLOT_IN_BYTES = 9883;

function member(name, content) {
  const head = Buffer.alloc(512);
  const size = `${content.length.toString(8).padStart(11, '0')}\0`;
  for (const [at, text] of [[0, name], [100, '0000600\0'], [108, '0000000\0'], [116, '0000000\0'], [124, size],
    [136, '00000000001\0'], [148, ' '.repeat(8)], [156, '0'], [257, 'ustar\x0000'], [329, '0000000\0'], [337, '0000000\0']]) head.write(text, at, 'latin1');
  head.write(`${head.reduce((sum, byte) => sum + byte, 0).toString(8).padStart(6, '0')}\0 `, 148, 'latin1');
  return Buffer.concat([head, content, Buffer.alloc((512 - (content.length % 512)) % 512)]);
}

/** `reply.json` for a conversation; `changes` replaces its members. */
export const replyTo = (dropKey, keys, changes = {}) => ({
  format: 'securedrop-reply/1', id: randomBytes(16).toString('hex'), dropKey, conversation: keys.signing.text,
  day: '2026-01-01', part: 1, parts: 1, kind: 'message', message: '', ...changes,
});

/** A slot of 9,883 bytes that `keys` finds; what it holds is signed by `signer` under `purpose`. */
export async function slot(keys, reply, signer, purpose = 'reply') {
  const { Encrypter, identityToRecipient } = await pagePackage('age-encryption');
  const json = Buffer.from(JSON.stringify(reply));
  const plaintext = Buffer.alloc(REPLY_PLAINTEXT_IN_BYTES);
  member('reply.json', json).copy(plaintext);
  member('reply.json.minisig', Buffer.from(signer.sign(purpose, json))).copy(plaintext, 512 + Math.ceil(json.length / 512) * 512);
  const encrypter = new Encrypter();
  encrypter.addRecipient(await identityToRecipient(keys.identity));
  return found(keys, Buffer.from(await encrypter.encrypt(plaintext)));
}

/** A slot that `keys` finds, whatever is in it. */
export function found(keys, sealed) {
  const random = randomBytes(16);
  return Buffer.concat([random, tagOf(keys, random), sealed]);
}

export const tagOf = (keys, random) => createHmac('sha256', keys.tag).update(random).digest().subarray(0, 16);

/** What those slots of a dead drop hold, still sealed, that `keys` finds. */
export function slotsOf(keys, deadDrop) {
  const mine = [];
  for (let at = 0; at < deadDrop.length; at += SLOT_IN_BYTES) {
    if (tagOf(keys, deadDrop.subarray(at, at + 16)).equals(deadDrop.subarray(at + 16, at + 32))) mine.push(deadDrop.subarray(at + 32, at + SLOT_IN_BYTES));
  }
  return mine;
}
