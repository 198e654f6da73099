import { type Bytes, concat, hmac, hmacKey } from "./bytes.ts";

/** HKDF-Extract with SHA-256 (RFC 5869, 2.2): 32 bytes. */
export const extract = async (salt: Bytes, secret: Bytes): Promise<Bytes> => hmac(await hmacKey(salt), secret);

/** HKDF-Expand with SHA-256 (RFC 5869, 2.3) for outputs of at most one block: 1 to 32 bytes. */
export async function expand(pseudorandomKey: Bytes, info: Bytes, sizeInBytes: number): Promise<Bytes> {
  const block = await hmac(await hmacKey(pseudorandomKey), concat(info, Uint8Array.of(1)));
  return block.slice(0, sizeInBytes);
}

export const hkdf = async (salt: Bytes, secret: Bytes, info: Bytes): Promise<Bytes> =>
  expand(await extract(salt, secret), info, 32);
