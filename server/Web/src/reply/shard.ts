import { type Bytes, hmac, randomBytes, utf8 } from "../bytes.ts";

const firstBits = (bytes: Bytes, bits: number): number => ((bytes[0]! << 8) | bytes[1]!) >> (16 - bits);

/** The dead drop, of the 2^bits of a day, that holds this tag's replies. `bits` from 0 to 16. */
export const shardOf = async (tagKey: CryptoKey, bits: number): Promise<number> =>
  firstBits(await hmac(tagKey, utf8("shard")), bits);

/** For a first report: telling is not to be tied to the visits after it. */
export const randomShard = (bits: number): number => firstBits(randomBytes(2), bits);
