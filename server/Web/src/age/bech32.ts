import type { Bytes } from "../bytes.ts";

/** Size of an X-Wing public key: ML-KEM-768 (1,184) and X25519 (32). */
export const PublicKeySizeInBytes = 1216;

const Prefix = "age1pq";
const Digits = "qpzry9x8gf2tvdw0s3jn54khce6mua7l";
const Generator = [0x3b6a57b2, 0x26508e6d, 0x1ea119fa, 0x3d4233dd, 0x2a1462b3];
const ChecksumDigits = 6;

/** The checksum of BIP-173, of the prefix and these five-bit digits; 1 where the last six of them are right. */
function polymod(digits: readonly number[]): number {
  const prefix = Array.from(Prefix, (character) => character.charCodeAt(0));
  const all = [...prefix.map((code) => code >> 5), 0, ...prefix.map((code) => code & 31), ...digits];
  return all.reduce((sum, digit) => {
    const next = ((sum & 0x1ffffff) << 5) ^ digit;
    return Generator.reduce((value, term, bit) => ((sum >> (25 + bit)) & 1 ? value ^ term : value), next);
  }, 1);
}

/** Regroups bits, most significant first; what is left over is padding, which must be short and zero, or null. */
function regroup(from: ArrayLike<number>, bitsIn: number, bitsOut: number, pad: boolean): number[] | null {
  const result: number[] = [];
  let value = 0;
  let bits = 0;
  for (let at = 0; at < from.length; at++) {
    value = ((value << bitsIn) | from[at]!) & 0xfff;
    for (bits += bitsIn; bits >= bitsOut; bits -= bitsOut) result.push((value >> (bits - bitsOut)) & ((1 << bitsOut) - 1));
  }
  const rest = (value << (bitsOut - bits)) & ((1 << bitsOut) - 1);
  if (pad && bits > 0) result.push(rest);
  return !pad && (bits >= bitsIn || rest !== 0) ? null : result;
}

/**
 * The public key of an `age1pq1…` recipient, or null: Bech32 (BIP-173) without its limit of 90 characters, in lower
 * case alone, as keys are compared as texts. Whether the key is a valid one is asked of `isValidPublicKey`.
 */
export function parseRecipient(text: string): Bytes | null {
  if (!text.startsWith(`${Prefix}1`)) return null;
  const digits = Array.from(text.slice(Prefix.length + 1), (character) => Digits.indexOf(character));
  if (digits.includes(-1) || digits.length < ChecksumDigits || polymod(digits) !== 1) return null;
  const bytes = regroup(digits.slice(0, -ChecksumDigits), 5, 8, false);
  return bytes?.length === PublicKeySizeInBytes ? Uint8Array.from(bytes) : null;
}

export function writeRecipient(publicKey: Uint8Array): string {
  const digits = regroup(publicKey, 8, 5, true)!;
  const checksum = polymod([...digits, ...Array<number>(ChecksumDigits).fill(0)]) ^ 1;
  for (let at = ChecksumDigits - 1; at >= 0; at--) digits.push((checksum >> (5 * at)) & 31);
  return `${Prefix}1${digits.map((digit) => Digits[digit]).join("")}`;
}
