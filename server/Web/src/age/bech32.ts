import { bech32 } from "@scure/base";
import type { Bytes } from "../bytes.ts";

/** Size of an X-Wing public key: ML-KEM-768 (1,184) and X25519 (32). */
export const PublicKeySizeInBytes = 1216;

/** The public key of an `age1pq1…` recipient in lower case, or null. Whether its ML-KEM half is valid shows when sealing. */
export function parseRecipient(text: string): Bytes | null {
  // Compared as text everywhere, so the other spellings Bech32 allows (upper case) are not keys here.
  if (!text.startsWith("age1pq1") || text !== text.toLowerCase()) return null;
  try {
    const { prefix, words } = bech32.decode(text as `${string}1${string}`, false);
    const bytes = bech32.fromWords(words) as Bytes;
    return prefix === "age1pq" && bytes.length === PublicKeySizeInBytes ? bytes : null;
  } catch {
    return null;
  }
}

export function writeRecipient(publicKey: Uint8Array): string {
  return bech32.encode("age1pq", bech32.toWords(publicKey), false);
}
