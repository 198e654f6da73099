import { chacha20 } from "@noble/ciphers/chacha.js";
import { Poly1305 } from "@noble/ciphers/_poly1305.js";
import { type Bytes, equal } from "../bytes.ts";
import { pause } from "../pause.ts";

export const TagSizeInBytes = 16;
/** About 8 ms of work without a JIT, so that typing and scrolling go on. A multiple of ChaCha20's 64-byte block. */
const SliceSizeInBytes = 16384;

// ChaCha20-Poly1305 (RFC 8439, 2.8, no associated data) out of its two halves, in slices with a pause after each:
// the library's own AEAD goes through 64 KiB in one go, which at the Safer level holds the page up.

/** Block 0 of the key stream is the MAC's key, so the text begins at block 1. */
const startMac = (key: Bytes, nonce: Bytes): Poly1305 => new Poly1305(chacha20(key, nonce, new Uint8Array(32)));

function finishMac(mac: Poly1305, textSizeInBytes: number): Uint8Array {
  const lengths = new DataView(new ArrayBuffer(16));
  lengths.setUint32(8, textSizeInBytes, true); // of the associated data: 0
  mac.update(new Uint8Array((16 - (textSizeInBytes % 16)) % 16)).update(new Uint8Array(lengths.buffer));
  return mac.digest();
}

/** The text, encrypted, and its tag. A key and nonce are used once. */
export async function encrypt(key: Bytes, nonce: Bytes, plaintext: Uint8Array): Promise<Bytes> {
  const size = plaintext.length;
  const sealed = new Uint8Array(size + TagSizeInBytes);
  const mac = startMac(key, nonce);
  for (let at = 0; at < size; at += SliceSizeInBytes) {
    const end = Math.min(at + SliceSizeInBytes, size);
    const slice = sealed.subarray(at, end);
    chacha20(key, nonce, plaintext.subarray(at, end), slice, 1 + at / 64);
    mac.update(slice);
    await pause();
  }
  sealed.set(finishMac(mac, size), size);
  return sealed;
}

/** The plaintext, or null where the tag does not hold: nothing is decrypted then. */
export function decrypt(key: Bytes, nonce: Bytes, sealed: Uint8Array): Uint8Array | null {
  const size = sealed.length - TagSizeInBytes;
  if (size < 0) return null;
  const text = sealed.subarray(0, size);
  const mac = startMac(key, nonce);
  mac.update(text);
  return equal(finishMac(mac, size), sealed.subarray(size)) ? chacha20(key, nonce, text, undefined, 1) : null;
}
