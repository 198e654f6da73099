import { chacha20, chacha20poly1305 } from "@noble/ciphers/chacha.js";
import { poly1305 } from "@noble/ciphers/_poly1305.js";
import type { Bytes } from "../bytes.ts";
import { pause } from "../pause.ts";

export const ChunkSizeInBytes = 65536;
export const TagSizeInBytes = 16;
/** About 10 ms of work without a JIT, so that typing and scrolling go on. A multiple of ChaCha20's 64-byte block. */
const SliceSizeInBytes = 16384;

/** The nonce of a STREAM chunk: an 11-byte big endian counter and the final flag. */
export function chunkNonce(index: number, final: boolean): Bytes {
  const nonce = new Uint8Array(12);
  const view = new DataView(nonce.buffer);
  view.setUint32(3, Math.floor(index / 2 ** 32));
  view.setUint32(7, index >>> 0);
  nonce[11] = final ? 1 : 0;
  return nonce;
}

/**
 * Seals one chunk: ChaCha20-Poly1305 (RFC 8439, 2.8, no associated data) in slices, with a pause after each.
 * `noble`'s own AEAD does it in one go, which at the Safer level holds the page up for 50 ms.
 */
export async function sealChunk(key: Bytes, index: number, final: boolean, plaintext: Uint8Array): Promise<Bytes> {
  const nonce = chunkNonce(index, final);
  const sealed = new Uint8Array(plaintext.length + TagSizeInBytes);
  const mac = poly1305.create(chacha20(key, nonce, new Uint8Array(32)));
  for (let at = 0; at < plaintext.length; at += SliceSizeInBytes) {
    const end = Math.min(at + SliceSizeInBytes, plaintext.length);
    // Block 0 is the MAC's key, so the text begins at block 1.
    chacha20(key, nonce, plaintext.subarray(at, end), sealed.subarray(at, end), 1 + at / 64);
    mac.update(sealed.subarray(at, end));
    await pause();
  }
  const lengths = new Uint8Array(16);
  new DataView(lengths.buffer).setBigUint64(8, BigInt(plaintext.length), true);
  mac.update(new Uint8Array((16 - (plaintext.length % 16)) % 16)).update(lengths);
  sealed.set(mac.digest(), plaintext.length);
  return sealed;
}

/** The plaintext, or null where the tag does not hold. */
export function openChunk(key: Bytes, index: number, final: boolean, sealed: Uint8Array): Uint8Array | null {
  try {
    return chacha20poly1305(key, chunkNonce(index, final)).decrypt(sealed);
  } catch {
    return null;
  }
}
