import { type Bytes, concat, randomBytes, utf8 } from "../bytes.ts";
import { hkdf } from "../hkdf.ts";
import { pause } from "../pause.ts";
import { encrypt, TagSizeInBytes } from "./aead.ts";
import { ChunkSizeInBytes, chunkNonce } from "./chunk.ts";
import { writeHeader } from "./header.ts";
import { FileKeySizeInBytes, type HybridStanza, wrap } from "./hybrid.ts";

/**
 * Seals a plaintext of exactly `plaintextSizeInBytes` to these public keys, in their order: yields the header with the
 * payload nonce, then one sealed chunk of STREAM after another. The file key is made here and used for this one plaintext.
 * Throws where the pieces do not add up, so that what is left never ends in a valid final chunk.
 */
export async function* seal(
  publicKeys: readonly Bytes[],
  plaintextSizeInBytes: number,
  pieces: AsyncIterable<Uint8Array>,
): AsyncGenerator<Bytes, void> {
  if (publicKeys.length === 0) throw new Error("no recipients");
  const fileKey = randomBytes(FileKeySizeInBytes);
  const stanzas: HybridStanza[] = [];
  for (const publicKey of publicKeys) {
    stanzas.push(await wrap(fileKey, publicKey));
    await pause();
  }
  const nonce = randomBytes(16);
  const key = await hkdf(nonce, fileKey, utf8("payload"));
  yield concat(await writeHeader(fileKey, stanzas), nonce);

  const finalIndex = Math.max(0, Math.ceil(plaintextSizeInBytes / ChunkSizeInBytes) - 1);
  let index = 0;
  for await (const chunk of chunks(pieces, plaintextSizeInBytes)) {
    yield await encrypt(key, chunkNonce(index, index === finalIndex), chunk);
    index++;
  }
}

/** Cuts pieces of any size into chunks of 64 KiB, the last one shorter; one empty chunk for an empty plaintext. */
async function* chunks(pieces: AsyncIterable<Uint8Array>, sizeInBytes: number): AsyncGenerator<Uint8Array, void> {
  let chunk = new Uint8Array(Math.min(ChunkSizeInBytes, sizeInBytes));
  let used = 0;
  let left = sizeInBytes;
  if (sizeInBytes === 0) yield chunk;
  for await (const piece of pieces) {
    if (piece.length > left - used) throw new Error("more to seal than was said");
    for (let at = 0; at < piece.length; ) {
      const part = piece.subarray(at, at + chunk.length - used);
      chunk.set(part, used);
      used += part.length;
      at += part.length;
      if (used === chunk.length) {
        left -= used;
        used = 0;
        yield chunk;
        chunk = new Uint8Array(Math.min(ChunkSizeInBytes, left));
      }
    }
  }
  if (left !== 0) throw new Error("less to seal than was said");
}

/** The size of a sealed file: 86 + 1,557 for each recipient + the plaintext + 16 for each chunk. */
export function sealedSizeInBytes(recipients: number, plaintextSizeInBytes: number): number {
  const chunks = Math.max(1, Math.ceil(plaintextSizeInBytes / ChunkSizeInBytes));
  return 86 + 1557 * recipients + plaintextSizeInBytes + TagSizeInBytes * chunks;
}
