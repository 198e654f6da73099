import type { Bytes } from "../bytes.ts";
import { keyAndNonce } from "./hpke.ts";
import { decrypt, encrypt, TagSizeInBytes } from "./aead.ts";
import { AgeError } from "./error.ts";
import { decapsulate, encapsulate, type XWingKeys } from "./xwing.ts";

export const FileKeySizeInBytes = 16;
export const WrappedKeySizeInBytes = FileKeySizeInBytes + TagSizeInBytes;
export const StanzaType = "mlkem768x25519";

/** An `mlkem768x25519` stanza: `-> mlkem768x25519 share` (1,120 bytes), then the wrapped file key (32 bytes). */
export interface HybridStanza {
  readonly share: Bytes;
  readonly body: Bytes;
}

/** Wraps a file key for one recipient. Throws where the public key is none. */
export async function wrap(fileKey: Bytes, publicKey: Bytes): Promise<HybridStanza> {
  const { ciphertext, sharedSecret } = await encapsulate(publicKey);
  const { key, nonce } = await keyAndNonce(sharedSecret);
  return { share: ciphertext, body: await encrypt(key, nonce, fileKey) };
}

/** The file key, or null where the stanza is not for these keys; `AgeError` where no stanza can be so. */
export async function unwrap(stanza: HybridStanza, keys: XWingKeys): Promise<Bytes | null> {
  let sharedSecret: Uint8Array;
  try {
    sharedSecret = await decapsulate(stanza.share, keys);
  } catch {
    throw new AgeError("header"); // a share whose point has small order
  }
  const { key, nonce } = await keyAndNonce(sharedSecret);
  return decrypt(key, nonce, stanza.body) as Bytes | null;
}
