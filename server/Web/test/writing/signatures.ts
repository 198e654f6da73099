import { ed25519, ED25519_TORSION_SUBGROUP } from "@noble/curves/ed25519.js";
import { blake2b } from "@noble/hashes/blake2.js";
import { sha512 } from "@noble/hashes/sha2.js";
import { base64, concat, fromHex, hex, randomBytes, utf8 } from "../../src/bytes.ts";
import { isPublicKey, publicKeyOf, sign } from "../../src/minisign/ed25519.ts";
import { type PublicKey, publicKeyFromBytes } from "../../src/minisign/key.ts";
import { type Purpose, signStatement } from "../../src/minisign/statement.ts";
import { seedOf } from "../drop.ts";

const { Point } = ed25519;
type Point = InstanceType<typeof Point>;
const Order = Point.Fn.ORDER;
const Message = utf8("a statement");
const seed = seedOf(40);
const key = publicKeyFromBytes(publicKeyOf(seed));

/** Valid signatures for every purpose, and some that are to be refused, each with its check. */
export function signatureVectors(): unknown {
  const purposes: Purpose[] = ["roster", "successor", "recipient", "report", "reply", "session"];
  return {
    valid: [...purposes.map((purpose) => entry({ purpose, signature: signStatement(purpose, Message, seed) })), ...oddButValid()],
    refused: [...wronglyMade(), ...wronglyWritten(), ...wrongKeys(), ...wrongPoints()],
  };
}

interface Entry { purpose?: Purpose; publicKey?: string; message?: Uint8Array; signature?: string }

const entry = ({ purpose = "report", publicKey = key.text, message = Message, signature = signStatement("report", Message, seed) }: Entry) => ({
  purpose, publicKey, message: hex(message), signature,
});

interface Lines { untrusted?: string; algorithm?: string; number?: Uint8Array; signature?: Uint8Array; comment?: string; global?: Uint8Array }

/** The four lines from their parts; what is not given is as it should be. */
function lines({ untrusted = "securedrop/1", algorithm = "ED", number = key.number, comment = "securedrop/1 report", ...parts }: Lines): string {
  const signature = parts.signature ?? sign(blake2b(Message), seed);
  const global = parts.global ?? sign(concat(signature, utf8(comment)), seed);
  return `untrusted comment: ${untrusted}\n${base64(concat(utf8(algorithm), number, signature))}\ntrusted comment: ${comment}\n${base64(global)}\n`;
}

function oddButValid(): unknown[] {
  const mixed = mixedOrderKey();
  return [
    { what: "an empty message", ...entry({ message: new Uint8Array(0), signature: signStatement("report", new Uint8Array(0), seed) }) },
    { what: "another untrusted comment, with a tab", ...entry({ signature: lines({ untrusted: "anything\tat all 长" }) }) },
    { what: "an empty untrusted comment", ...entry({ signature: lines({ untrusted: "" }) }) },
    { what: "an untrusted comment that fills the longest signature", ...entry({ signature: lines({ untrusted: "x".repeat(1024 - lines({ untrusted: "" }).length) }) }) },
    { what: "an untrusted comment that fills stock minisign's line", ...entry({ signature: lines({ untrusted: "长".repeat(334) + "x" }) }) },
    { what: "a mixed-order key where the part of small order falls away", ...mixed.entry(true) },
  ];
}

function wronglyMade(): unknown[] {
  const plain = sign(Message, seed);
  return [
    { what: "signed for another purpose", ...entry({ signature: signStatement("reply", Message, seed) }), check: "purpose" },
    { what: "a purpose with something after it", ...entry({ signature: lines({ comment: "securedrop/1 report " }) }), check: "purpose" },
    { what: "a purpose in capitals", ...entry({ signature: lines({ comment: "securedrop/1 Report" }) }), check: "purpose" },
    { what: "an empty trusted comment", ...entry({ signature: lines({ comment: "" }) }), check: "purpose" },
    { what: "other bytes", ...entry({ message: utf8("A statement") }), check: "signature" },
    { what: "a byte more", ...entry({ message: utf8("a statement\n") }), check: "signature" },
    { what: "another key", ...entry({ publicKey: publicKeyFromBytes(publicKeyOf(seedOf(41))).text }), check: "key number" },
    { what: "another key with this one's number", ...entry({ signature: lines({ signature: sign(blake2b(Message), seedOf(41)) }) }), check: "signature" },
    { what: "not prehashed", ...entry({ signature: lines({ algorithm: "Ed", signature: plain }) }), check: "algorithm" },
    { what: "not prehashed, said to be", ...entry({ signature: lines({ signature: plain }) }), check: "signature" },
    { what: "an unknown algorithm", ...entry({ signature: lines({ algorithm: "EX" }) }), check: "algorithm" },
    { what: "the trusted comment changed", ...entry({ signature: signStatement("reply", Message, seed).replace("/1 reply", "/1 report") }), check: "signature" },
    { what: "the trusted comment's signature of another signature", ...entry({ signature: lines({ global: sign(concat(plain, utf8("securedrop/1 report")), seed) }) }), check: "signature" },
  ];
}

function wronglyWritten(): unknown[] {
  const good = signStatement("report", Message, seed);
  const [first, second, third, fourth] = good.split("\n") as [string, string, string, string];
  // The last character of 74 bytes in base64 carries two spare bits.
  const spare = second.slice(0, -2) + String.fromCharCode(second.charCodeAt(second.length - 2) + 1) + "=";
  const texts: [string, string][] = [
    ["nothing", ""],
    ["carriage returns", good.replaceAll("\n", "\r\n")],
    ["no line feed at the end", good.slice(0, -1)],
    ["a fifth line", good + "\n"],
    ["something after the end", good + " "],
    ["something before the beginning", "\ufeff" + good],
    ["two lines, as without a trusted comment", `${first}\n${second}\n`],
    ["the comments swapped", [third, second, first, fourth, ""].join("\n")],
    ["a NUL in the untrusted comment", lines({ untrusted: "a\0b" })],
    ["a carriage return in the trusted comment", lines({ comment: "securedrop/1 report\r" })],
    ["base64 with spare bits", [first, spare, third, fourth, ""].join("\n")],
    ["base64 without padding", [first, second.replace("=", ""), third, fourth, ""].join("\n")],
    ["base64 of the web's alphabet", [first, second, third, fourth.replaceAll("+", "-").replaceAll("/", "_").replace(/^./, "-"), ""].join("\n")],
    ["white space in base64", [first, second, third, fourth.slice(0, 8) + " " + fourth.slice(9), ""].join("\n")],
    ["a signature that is a byte short", [first, base64(concat(utf8("ED"), key.number, new Uint8Array(63))), third, fourth, ""].join("\n")],
    ["an untrusted comment longer than the longest signature", lines({ untrusted: "x".repeat(1025 - lines({ untrusted: "" }).length) })],
    ["an untrusted comment longer than stock minisign's line", lines({ untrusted: "长".repeat(334) + "xx" })],
  ];
  return texts.map(([what, signature]) => ({ what, ...entry({ signature }), check: "signature" }));
}

const keyText = (bytes: Uint8Array): string => publicKeyFromBytes(bytes).text;

/** p + y, little endian: a second spelling of the coordinate y, which is below 19. */
const aboveP = (y: number): Uint8Array => Uint8Array.of(0xed + y, ...Array<number>(30).fill(0xff), 0x7f);

function wrongKeys(): unknown[] {
  const offCurve = Uint8Array.of(2, ...Array<number>(31).fill(0));
  while (isPublicKey(offCurve)) offCurve[0]!++;
  const otherNumber = base64(concat(utf8("Ed"), key.number.map((byte) => byte ^ 1), key.bytes));
  const keys: [string, string][] = [
    ...ED25519_TORSION_SUBGROUP.map((point, index): [string, string] => [`a key of small order, point ${index}`, keyText(fromHex(point))]),
    ["a key of small order with the other sign", keyText(fromHex("01" + "00".repeat(30) + "80"))],
    ["a key that is not canonical: p + 3", keyText(aboveP(3))],
    ["a key that is not canonical: p + 1", keyText(aboveP(1))],
    ["a key that is no point of the curve", keyText(offCurve)],
    ["a key number that is not the key's", otherNumber],
    ["a key that begins otherwise", base64(concat(utf8("ED"), key.number, key.bytes))],
    ["a key with white space after it", key.text + "\n"],
    ["a key without its last character", key.text.slice(0, -1)],
    ["no key", ""],
  ];
  return keys.map(([what, publicKey]) => ({ what, ...entry({ publicKey }), check: "key" }));
}

const littleEndian = (bytes: Uint8Array): bigint => bytes.reduceRight((sum, byte) => (sum << 8n) | BigInt(byte), 0n);
const scalarBytes = (scalar: bigint): Uint8Array => Uint8Array.from({ length: 32 }, (_, index) => Number((scalar >> BigInt(8 * index)) & 255n));

const torsion: Point = Point.fromHex(ED25519_TORSION_SUBGROUP[1]!);
const secret = ed25519.utils.getExtendedPublicKey(seed).scalar;

/** S for an R of any kind and a public key of any kind, as a signer with this secret would make it. */
function forge(message: Uint8Array, nonce: bigint, r: Uint8Array, publicKey: Uint8Array): { signature: Uint8Array; challenge: bigint } {
  const challenge = littleEndian(sha512(concat(r, publicKey, message))) % Order;
  return { signature: concat(r, scalarBytes((nonce + challenge * secret) % Order)), challenge };
}

const randomScalar = (): bigint => littleEndian(randomBytes(32)) % Order;

/** Our key plus a point of order 8. It verifies without cofactor only where the challenge is a multiple of 8. */
function mixedOrderKey() {
  const point = Point.BASE.multiply(secret).add(torsion);
  const mixed: PublicKey = publicKeyFromBytes(point.toBytes());
  const signed = (message: Uint8Array, wanted: boolean): Uint8Array => {
    for (;;) {
      const nonce = randomScalar();
      const { signature, challenge } = forge(message, nonce, Point.BASE.multiply(nonce).toBytes(), mixed.bytes);
      if ((challenge % 8n === 0n) === wanted) return signature;
    }
  };
  return {
    entry: (wanted: boolean) => {
      const signature = signed(blake2b(Message), wanted);
      const global = signed(concat(signature, utf8("securedrop/1 report")), true);
      return entry({ publicKey: mixed.text, signature: lines({ number: mixed.number, signature, global }) });
    },
  };
}

function wrongPoints(): unknown[] {
  const hash = blake2b(Message);
  const good = sign(hash, seed);
  const withS = (s: bigint): Uint8Array => concat(good.subarray(0, 32), scalarBytes(s));
  const s = littleEndian(good.subarray(32));
  const nonce = randomScalar();
  const mixedR = Point.BASE.multiply(nonce).add(torsion).toBytes();
  const signatures: [string, Uint8Array][] = [
    ["S not below the group order", withS(s + Order)],
    ["S above the group order by many times", withS(s + 15n * Order)],
    ["S with a bit of the last byte", withS(s | (1n << 255n))],
    ["R of mixed order", forge(hash, nonce, mixedR, key.bytes).signature],
    ...ED25519_TORSION_SUBGROUP.map((point, index): [string, Uint8Array] => [`R of small order, point ${index}`, forge(hash, 0n, fromHex(point), key.bytes).signature]),
    ["R that is not canonical", forge(hash, 0n, aboveP(1), key.bytes).signature],
    ["R and S zero", new Uint8Array(64)],
  ];
  return [
    ...signatures.map(([what, signature]) => ({ what, ...entry({ signature: lines({ signature }) }), check: "signature" })),
    { what: "a mixed-order key where the part of small order stays", ...mixedOrderKey().entry(false), check: "signature" },
  ];
}
