import { sha256 } from "@noble/hashes/sha2.js";
import { base64, concat, equal, fromBase64, utf8 } from "../bytes.ts";
import { isPublicKey } from "./ed25519.ts";

/** A minisign public key: `RW…`, base64 of `Ed`, 8 bytes of key number, 32 bytes of key. */
export interface PublicKey {
  readonly text: string;
  /** 32 bytes. */
  readonly bytes: Uint8Array;
  /** 8 bytes: the first of SHA-256 of the key. */
  readonly number: Uint8Array;
}

const Algorithm = utf8("Ed");
const TextLengthInCharacters = 56;

const numberOf = (key: Uint8Array): Uint8Array => sha256(key).subarray(0, 8);

/** Null where the text is no key: not canonical, another key number than the key's, small order. */
export function parsePublicKey(text: string): PublicKey | null {
  // The length first: megabytes from a server would be more arguments than the engine's decoder takes.
  const all = text.length === TextLengthInCharacters ? fromBase64(text) : null;
  if (all?.length !== 42 || !equal(all.subarray(0, 2), Algorithm)) return null;
  const bytes = all.subarray(10);
  const number = all.subarray(2, 10);
  // One key with two numbers would have two texts, and keys are compared by theirs.
  if (!equal(number, numberOf(bytes)) || !isPublicKey(bytes)) return null;
  return { text, bytes, number };
}

export function publicKeyFromBytes(bytes: Uint8Array): PublicKey {
  const number = numberOf(bytes);
  return { text: base64(concat(Algorithm, number, bytes)), bytes, number };
}
