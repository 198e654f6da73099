import { bech32 } from "@scure/base";
import { writeRecipient } from "../src/age/bech32.ts";
import { expandSeed, type XWingKeys } from "../src/age/xwing.ts";

/** The keys of `AGE-SECRET-KEY-PQ-1…`, which the page itself never reads. */
export function identityKeys(text: string): Promise<XWingKeys> {
  return expandSeed(Uint8Array.from(bech32.decodeToBytes(text).bytes));
}

export const identityText = (seed: Uint8Array): string =>
  bech32.encode("AGE-SECRET-KEY-PQ-", bech32.toWords(seed), false).toUpperCase();

/** A reviewer's key pair made from one repeated byte. */
export async function testIdentity(byte: number): Promise<{ text: string; recipient: string; keys: XWingKeys }> {
  const seed = new Uint8Array(32).fill(byte);
  const keys = await expandSeed(seed);
  return { text: identityText(seed), recipient: writeRecipient(keys.publicKey), keys };
}
