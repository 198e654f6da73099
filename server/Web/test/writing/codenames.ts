import { type Bytes, concat, hex, hmacKey, utf8 } from "../../src/bytes.ts";
import { deriveKeys } from "../../src/codename/keys.ts";
import { generateCodename, parseCodename, words } from "../../src/codename/words.ts";
import { expand, extract } from "../../src/hkdf.ts";
import { type PublicKey, parsePublicKey } from "../../src/minisign/key.ts";
import { shardOf } from "../../src/reply/shard.ts";
import type { Codename, Language } from "../../src/types.ts";
import { identityText } from "../identity.ts";

/** Codenames at a drop, as words that are typed well, carelessly and wrongly. */
export async function codenameVectors(dropKey: string): Promise<unknown> {
  const key = parsePublicKey(dropKey)!;
  const made = [generateCodename(), generateCodename(), { entropy: new Uint8Array(16).fill(0xff) as Bytes }];
  const valid: unknown[] = [];
  for (const codename of made) for (const language of ["en", "zh-Hans"] as const) valid.push(await spelled(codename, language, key));
  return { valid, typed: typed(made[0]!), refused: refused(made[0]!) };
}

async function spelled(codename: Codename, language: Language, key: PublicKey): Promise<unknown> {
  const keys = await deriveKeys(codename, key);
  const pseudorandomKey = await extract(concat(utf8("securedrop/1 codename"), key.bytes), codename.entropy);
  const tagKey = await hmacKey(keys.tag);
  const shards = await Promise.all([0, 1, 8, 12, 16].map(async (bits) => [bits, await shardOf(tagKey, bits)]));
  return {
    words: words(codename, language).join(" "), language, dropKey: key.text, entropy: hex(codename.entropy),
    identity: identityText(await expand(pseudorandomKey, utf8("recipient"), 32)),
    recipient: keys.recipient, signingKey: keys.signingKey.text, tagKey: hex(keys.tag), shards: Object.fromEntries(shards),
  };
}

/** Letters of the block of full-width forms. */
const wide = (text: string): string => text.replace(/[!-~]/g, (character) => String.fromCharCode(character.charCodeAt(0) + 0xfee0));
/** Mathematical bold: outside of the basic plane. */
const bold = (text: string): string => text.replace(/[a-z]/g, (character) => String.fromCodePoint(0x1d41a + character.charCodeAt(0) - 97));

function typed(codename: Codename): unknown[] {
  const english = words(codename, "en");
  const chinese = words(codename, "zh-Hans");
  const entropy = hex(codename.entropy);
  const spellings: [string, string][] = [
    ["capitals", english.join(" ").toUpperCase()],
    ["the first letter large", english.map((word) => word[0]!.toUpperCase() + word.slice(1)).join(" ")],
    ["a word a line, with carriage returns", english.join("\r\n") + "\r\n"],
    ["white space before, after and much between", "\n\t " + english.join("  \u00a0\u3000\u2003\u2028") + " \ufeff"],
    ["next-line characters between", english.join("\u0085")],
    ["commas and semicolons between", english.map((word, index) => word + [",", ", ", ";", " ; "][index % 4]).join("")],
    ["commas of every width between", english.map((word, index) => word + ["，", "﹐", "︐", "；", "﹔", "︔", "\u037e"][index % 7]).join("")],
    ["ideographic commas and full stops between", english.map((word, index) => word + ["、", "､", "﹑", "︑", "。", "｡", "︒"][index % 7]).join("")],
    ["full-width letters", wide(english.join(" ").toUpperCase())],
    ["mathematical letters", bold(english.join(" "))],
    ["long s and ligatures as compatibility characters", english.join(" ").replaceAll("s", "\u017f").replaceAll("fi", "\ufb01").replaceAll("k", "\u212a")],
    ["filled to the longest text there is", english.join(" ").padEnd(4096, " ")],
    ["Chinese without spaces", chinese.join("")],
    ["Chinese in groups", chinese.slice(0, 5).join("") + " " + chinese.slice(5, 7).join("") + "，" + chinese.slice(7).join("")],
    ["Chinese between ideographic commas", chinese.join("、") + "。"],
  ];
  return [
    ...spellings.map(([what, text]) => ({ what, typed: text, entropy })),
    { what: "eleven times 的 and 在, run together", typed: "的".repeat(11) + "在", entropy: "00".repeat(16) },
    lookingAlike(),
  ];
}

/** A codename whose words have look-alikes in Unicode's compatibility blocks. */
function lookingAlike(): unknown {
  for (;;) {
    const codename = generateCodename();
    const text = words(codename, "zh-Hans").map((word) => lookAlikes.get(word) ?? word);
    if (text.filter((word) => word.normalize("NFKC") !== word).length >= 2) {
      return { what: "radicals and compatibility ideographs for the characters they look like", typed: text.join(""), entropy: hex(codename.entropy) };
    }
  }
}

const lookAlikes = new Map<string, string>();
for (const [first, last] of [[0xf900, 0xfad9], [0x2f00, 0x2fd5]] as const) {
  for (let code = first; code <= last; code++) lookAlikes.set(String.fromCodePoint(code).normalize("NFKC"), String.fromCodePoint(code));
}

/** `check` is `count`, `word` (and `index`: which) or `checksum`. */
function refused(codename: Codename): unknown[] {
  const english = words(codename, "en");
  const chinese = words(codename, "zh-Hans");
  const at = (index: number, word: string): string => english.map((own, position) => (position === index ? word : own)).join(" ");
  // One change in 16 fits by chance.
  const misfit = (candidates: readonly string[]): string => candidates.find((text) => "error" in parseCodename(text))!;
  const swapped = english.slice(1).map((_, index) => [...english.slice(0, index), english[index + 1], english[index], ...english.slice(index + 2)].join(" "));
  return [
    { what: "nothing", words: "", check: "count" },
    { what: "spaces alone", words: " \n\u3000", check: "count" },
    { what: "eleven words", words: english.slice(1).join(" "), check: "count" },
    { what: "thirteen words", words: english.join(" ") + " zoo", check: "count" },
    { what: "eleven characters", words: chinese.slice(1).join(""), check: "count" },
    { what: "twenty-four words", words: [...english, ...english].join(" "), check: "count" },
    { what: "all words run together", words: english.join(""), check: "count" },
    { what: "longer than any text that is read", words: english.join(" ").padEnd(4097, " "), check: "count" },
    { what: "a zero-width space between words is no space", words: english.join("\u200b"), check: "count" },
    { what: "a hyphen between words is no space", words: english.join("-"), check: "count" },
    { what: "an unknown word", words: at(4, "securedrop"), check: "word", index: 4 },
    { what: "two unknown words: the first is named", words: english.map((word, index) => ({ 3: "qqq", 7: "xxx" })[index] ?? word).join(" "), check: "word", index: 3 },
    { what: "four letters of a word", words: at(11, "aband"), check: "word", index: 11 },
    { what: "a word with an accent", words: at(0, "ze\u0301ro"), check: "word", index: 0 },
    { what: "a dotted capital I, which is no i", words: at(2, "W\u0130DE"), check: "word", index: 2 },
    { what: "a Cyrillic letter that looks Latin", words: at(5, "\u0430bout"), check: "word", index: 5 },
    { what: "a full stop after a word", words: at(6, "about."), check: "word", index: 6 },
    { what: "a Chinese word among English ones", words: at(8, chinese[8]!), check: "word", index: 8 },
    { what: "an English word among Chinese ones", words: [...chinese.slice(0, 11), "about"].join(" "), check: "word", index: 11 },
    { what: "a character of the traditional script", words: chinese.slice(0, 11).join("") + "龜", check: "word", index: 11 },
    { what: "the last word changed", words: misfit(["zoo", "zone", "zero", "youth"].map((word) => at(11, word))), check: "checksum" },
    { what: "two words in another order", words: misfit(swapped), check: "checksum" },
    { what: "twelve times zoo", words: "zoo ".repeat(12).trim(), check: "checksum" },
    { what: "twelve times 的", words: "的".repeat(12), check: "checksum" },
  ];
}
