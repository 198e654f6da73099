import type { Bytes } from "../bytes.ts";

/** Plaintext bytes of a STREAM chunk; each is followed by a tag of 16. Only the last one is shorter. */
export const ChunkSizeInBytes = 65536;

/** The nonce of a STREAM chunk: an 11-byte big endian counter and the final flag. */
export function chunkNonce(index: number, final: boolean): Bytes {
  const nonce = new Uint8Array(12);
  new DataView(nonce.buffer).setUint32(7, index); // 2^32 chunks are more than 5 GiB many times over
  nonce[11] = final ? 1 : 0;
  return nonce;
}
