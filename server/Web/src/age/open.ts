import { type Bytes, concat, utf8 } from "../bytes.ts";
import { hkdf } from "../hkdf.ts";
import { decrypt, TagSizeInBytes } from "./aead.ts";
import { ChunkSizeInBytes, chunkNonce } from "./chunk.ts";
import { AgeError } from "./error.ts";
import { readHeader, verifyMac } from "./header.ts";
import { unwrap } from "./hybrid.ts";
import type { XWingKeys } from "./xwing.ts";

const NonceSizeInBytes = 16;

/** Opens a sealed file held in memory (the page only opens replies, of 9,851 bytes at most); throws `AgeError`. */
export async function open(file: Bytes, keys: XWingKeys): Promise<Bytes> {
  const header = readHeader(file);
  let fileKey: Bytes | null = null;
  for (const stanza of header.stanzas) fileKey ??= await unwrap(stanza, keys);
  if (fileKey === null) throw new AgeError("no match");
  await verifyMac(header, fileKey);

  const nonce = file.slice(header.sizeInBytes, header.sizeInBytes + NonceSizeInBytes);
  if (nonce.length !== NonceSizeInBytes) throw new AgeError("header"); // as the official vectors class it
  const key = await hkdf(nonce, fileKey, utf8("payload"));
  const payload = file.subarray(header.sizeInBytes + NonceSizeInBytes);
  const sealedChunk = ChunkSizeInBytes + TagSizeInBytes;
  const count = Math.max(1, Math.ceil(payload.length / sealedChunk));
  const plain: Uint8Array[] = [];
  for (let index = 0; index < count; index++) {
    const final = index === count - 1;
    const sealed = payload.subarray(index * sealedChunk, (index + 1) * sealedChunk);
    const chunk = decrypt(key, chunkNonce(index, final), sealed);
    // An empty final chunk is allowed only where it is the whole plaintext, or one file could have two spellings.
    if (chunk === null || (chunk.length === 0 && index > 0)) throw new AgeError("payload");
    plain.push(chunk);
  }
  return concat(...plain);
}
