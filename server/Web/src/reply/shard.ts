import { type Bytes, hmac, randomBytes, utf8 } from "../bytes.ts";

const firstBits = (bytes: Bytes, bits: number): number => ((bytes[0]! << 8) | bytes[1]!) >> (16 - bits);

/** The dead drop, of the 2^bits of a day, that holds this tag's replies. `bits` from 0 to 16. */
export const shardOf = async (tagKey: CryptoKey, bits: number): Promise<number> =>
  firstBits(await hmac(tagKey, utf8("shard")), bits);

/**
 * The same, with no more of this key told than its first `mostBits`: the bits beyond are random. The index says how wide a
 * day is and nobody signs it, so by sixteen bits where the roster says none a server would know a codename when it returns.
 */
export async function shardWithin(tagKey: CryptoKey, bits: number, mostBits: number): Promise<number> {
  const beyond = Math.max(0, bits - mostBits);
  return ((await shardOf(tagKey, bits - beyond)) << beyond) | firstBits(randomBytes(2), beyond);
}
