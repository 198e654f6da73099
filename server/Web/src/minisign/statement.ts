import { blake2b } from "@noble/hashes/blake2.js";
import { base64, concat, equal, fromBase64, utf8 } from "../bytes.ts";
import { sign, verify } from "./ed25519.ts";
import { pause } from "../pause.ts";
import { type PublicKey, publicKeyFromBytes } from "./key.ts";
import { publicKeyOf } from "./ed25519.ts";

/** What a signature was made for; it stands in the trusted comment, so one purpose's signature never serves another. */
export type Purpose = "roster" | "successor" | "recipient" | "report" | "reply" | "session";

export type SignatureCheck = "signature" | "algorithm" | "key number" | "purpose";

const Untrusted = "untrusted comment: ";
const Trusted = "trusted comment: ";
/** Prehashed with BLAKE2b-512; the older `Ed`, over the bytes themselves, is refused. */
const Prehashed = utf8("ED");
const MaximumSizeInCharacters = 1024;
/** Stock minisign reads the first line into 1,024 bytes, its prefix and end included. */
const MaximumUntrustedInBytes = 1024 - 2 - Untrusted.length;
/** But the tab: a NUL or a carriage return ends a comment for stock minisign, and not for this page. */
const ControlCharacter = /[\x00-\x08\x0b-\x1f\x7f]/;

const commentOf = (purpose: Purpose): string => `securedrop/1 ${purpose}`;

/** The signature of a statement's bytes, in the stock file format: four lines, each ended by one LF. */
export function signStatement(purpose: Purpose, statement: Uint8Array, seed: Uint8Array): string {
  const key = publicKeyFromBytes(publicKeyOf(seed));
  const signature = sign(blake2b(statement), seed);
  const comment = commentOf(purpose);
  const global = sign(concat(signature, utf8(comment)), seed);
  return [
    Untrusted + "securedrop/1",
    base64(concat(Prehashed, key.number, signature)),
    Trusted + comment,
    base64(global),
    "",
  ].join("\n");
}

const SliceSizeInBytes = 8192;

/** Takes as long as a signature takes for so many bytes more, a little at a time: without a JIT, 60 KB are 100 ms. */
export async function signNothing(sizeInBytes: number): Promise<void> {
  for (let left = sizeInBytes; left > 0; left -= SliceSizeInBytes) {
    blake2b(new Uint8Array(Math.min(left, SliceSizeInBytes)));
    await pause();
  }
}

/** Null where the statement was signed by this key for this purpose; else the first check that failed. */
export function checkStatement(purpose: Purpose, statement: Uint8Array, text: string, key: PublicKey): SignatureCheck | null {
  const lines = text.length > MaximumSizeInCharacters ? [] : text.split("\n");
  const [untrusted, encoded, trusted, encodedGlobal, rest] = lines;
  if (lines.length !== 5 || rest !== "" || ControlCharacter.test(text)) return "signature";
  if (!untrusted!.startsWith(Untrusted) || !trusted!.startsWith(Trusted)) return "signature";
  if (utf8(untrusted!.slice(Untrusted.length)).length > MaximumUntrustedInBytes) return "signature";
  const parts = fromBase64(encoded!);
  const global = fromBase64(encodedGlobal!);
  if (parts?.length !== 74 || global?.length !== 64) return "signature";
  if (!equal(parts.subarray(0, 2), Prehashed)) return "algorithm";
  if (!equal(parts.subarray(2, 10), key.number)) return "key number";
  const signature = parts.subarray(10);
  if (!verify(signature, blake2b(statement), key.bytes)) return "signature";
  const comment = trusted!.slice(Trusted.length);
  if (!verify(global, concat(signature, utf8(comment)), key.bytes)) return "signature";
  return comment === commentOf(purpose) ? null : "purpose";
}
