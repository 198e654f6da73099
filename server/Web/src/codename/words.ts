import { sha256 } from "@noble/hashes/sha2.js";
import { wordlist as english } from "@scure/bip39/wordlists/english.js";
import { wordlist as simplifiedChinese } from "@scure/bip39/wordlists/simplified-chinese.js";
import { type Bytes, randomBytes } from "../bytes.ts";
import type { Codename, CodenameError, Language } from "../types.ts";

const EntropySizeInBytes = 16;
const WordCount = 12;
const BitsPerWord = 11;
const ChecksumBits = 4n;
/** Longer text is not read. */
const LongestTextInCharacters = 4096;

const lists: Record<Language, readonly string[]> = { en: english, "zh-Hans": simplifiedChinese };

/** The 2,048 words of BIP-39 in a language. */
export const wordList = (language: Language): readonly string[] => lists[language];

/** 128 bits from the browser's own generator. */
export const generateCodename = (): Codename => ({ entropy: randomBytes(EntropySizeInBytes) });

const checksum = (entropy: Bytes): bigint => BigInt(sha256(entropy)[0]! >> 4);

/** The 12 words (BIP-39) that spell a codename: 128 bits, then 4 of SHA-256, 11 to a word. */
export function words(codename: Codename, language: Language): string[] {
  let bits = 0n;
  for (const byte of codename.entropy) bits = (bits << 8n) | BigInt(byte);
  bits = (bits << ChecksumBits) | checksum(codename.entropy);
  const list = wordList(language);
  return Array.from({ length: WordCount }, (_, index) => {
    const shift = BigInt(BitsPerWord * (WordCount - 1 - index));
    return list[Number((bits >> shift) & 0x7ffn)]!;
  });
}

/**
 * The codename that was typed, from either list: upper case, full-width letters, commas and line ends do not matter,
 * nor do spaces between Chinese words. Catches 15 of 16 wrong words, without asking anybody.
 */
export function parseCodename(text: string): Codename | CodenameError {
  const typed = text.length <= LongestTextInCharacters ? split(text) : [];
  if (typed.length !== WordCount) return { error: "count" };
  const list = listOf(typed);
  const indexes = typed.map((word) => list.indexOf(word));
  const unknown = indexes.indexOf(-1);
  if (unknown >= 0) return { error: "word", word: typed[unknown]!, index: unknown };

  let bits = indexes.reduce((sum, index) => (sum << BigInt(BitsPerWord)) | BigInt(index), 0n);
  const given = bits & 0xfn;
  bits >>= ChecksumBits;
  const entropy = new Uint8Array(EntropySizeInBytes);
  for (let at = EntropySizeInBytes - 1; at >= 0; at--, bits >>= 8n) entropy[at] = Number(bits & 0xffn);
  return checksum(entropy) === given ? { entropy } : { error: "checksum" };
}

function split(text: string): string[] {
  const tokens = text.normalize("NFKC").toLowerCase().split(/[\s\x85,;、。，；]+/u).filter((token) => token !== "");
  // Every Chinese word of the list is one character.
  return tokens.flatMap((token) => (/^\p{Script=Han}+$/u.test(token) ? [...token] : [token]));
}

/** The list that knows more of the words: two languages mixed are a mistake, and the odd word is named. */
function listOf(typed: readonly string[]): readonly string[] {
  const known = (list: readonly string[]): number => typed.filter((word) => list.includes(word)).length;
  return known(simplifiedChinese) > known(english) ? simplifiedChinese : english;
}
