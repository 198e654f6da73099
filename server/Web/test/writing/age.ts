import * as typage from "age-encryption";
import { type Bytes, base64, concat, fromBase64, hex, randomBytes, sha256, utf8 } from "../../src/bytes.ts";
import { testIdentity } from "../identity.ts";
import { flipped, numbered, sealTo, write } from "./write.ts";

const Passphrase = "correct horse battery staple 密码";
type Kind = "hybrid" | "x25519" | "scrypt";
type Failure = "header" | "no match" | "mac" | "payload";

/**
 * Sealed files of every kind, and broken ones with the class of failure. Hybrid ones are the page's own; it neither writes nor
 * reads the others, which are made by the library that its tests compare it with.
 */
export async function ageVectors(): Promise<unknown> {
  const [mine, second, third, stranger] = await Promise.all([11, 12, 13, 14].map(testIdentity));
  const x25519 = await typage.generateX25519Identity();
  const files: unknown[] = [];
  const add = async (kind: Kind, what: string, sealed: Bytes, outcome: Bytes | Failure): Promise<void> => {
    const file = `age/${numbered(files.length + 1)}.age`;
    write(file, sealed);
    files.push({ file, kind, what, ...(typeof outcome === "string" ? { failure: outcome } : { failure: null, bytes: outcome.length, sha256: hex(await sha256(outcome)) }) });
  };
  const keys = [mine!, second!, third!].map((identity) => identity.keys.publicKey as Bytes);
  for (const [what, size, recipients] of [["nothing", 0, 1], ["a byte", 1, 1], ["a full chunk to three", 65536, 3], ["a byte more than a chunk", 65537, 1], ["two full chunks", 131072, 1]] as const) {
    const plaintext = pattern(size);
    await add("hybrid", what, await sealTo(recipients === 1 ? keys.slice(0, 1) : keys, plaintext), plaintext);
  }
  const last = pattern(100);
  await add("hybrid", "the reader's stanza is the last of three", await sealTo([...keys.slice(1), keys[0]!], last), last);
  const small = await sealTo(keys.slice(0, 1), last);
  const long = await sealTo(keys.slice(0, 1), pattern(2 * 65536 + 10));
  await add("hybrid", "sealed to somebody else", await sealTo([stranger!.keys.publicKey as Bytes], last), "no match");
  for (const [what, changed, failure] of broken(small, long)) await add("hybrid", what, changed, failure);

  const encrypt = async (set: (encrypter: typage.Encrypter) => void, plaintext: Bytes): Promise<Bytes> => {
    const encrypter = new typage.Encrypter();
    set(encrypter);
    return Uint8Array.from(await encrypter.encrypt(plaintext));
  };
  const recipient = await typage.identityToRecipient(x25519);
  const foreign = await typage.identityToRecipient(await typage.generateX25519Identity());
  const toX25519 = (plaintext: Bytes): Promise<Bytes> => encrypt((encrypter) => encrypter.addRecipient(recipient), plaintext);
  const withPassphrase = (plaintext: Bytes, passphrase = Passphrase): Promise<Bytes> =>
    encrypt((encrypter) => (encrypter.setScryptWorkFactor(10), encrypter.setPassphrase(passphrase)), plaintext);
  for (const [kind, sealed, other] of [
    ["x25519", toX25519, encrypt((encrypter) => encrypter.addRecipient(foreign), last)],
    ["scrypt", withPassphrase, withPassphrase(last, "another")],
  ] as const) {
    for (const size of [0, 100, 65537]) await add(kind, `${size} bytes`, await sealed(pattern(size)), pattern(size));
    const good = await sealed(last);
    await add(kind, kind === "scrypt" ? "another passphrase" : "sealed to somebody else", await other, "no match");
    await add(kind, "the last byte flipped", flipped(good, -1), "payload");
    await add(kind, "a byte flipped in the header's MAC", macFlipped(good), "mac");
    await add(kind, "a byte flipped in the wrapped file key", bodyFlipped(good), "no match");
    await add(kind, "another version", concat(utf8("age-encryption.org/v2"), good.subarray(21)), "header");
  }
  return { identity: mine!.text, x25519, passphrase: Passphrase, files };
}

const pattern = (size: number): Bytes => new Uint8Array(size).map((_, index) => (index * 7) % 251);

const text = (bytes: Bytes): string => Buffer.from(bytes).toString("latin1");
const bytes = (value: string): Bytes => Uint8Array.from(Buffer.from(value, "latin1"));

/** Changes the lines of the header; the payload stays. */
function headerChanged(sealed: Bytes, change: (lines: string[]) => string[]): Bytes {
  const all = text(sealed);
  const end = all.indexOf("\n", all.indexOf("\n---")  + 1);
  return concat(bytes(change(all.slice(0, end).split("\n")).join("\n")), sealed.subarray(end));
}

/** A line's last word, changed as bytes and written again in unpadded base64. */
const recoded = (line: string, change: (value: Bytes) => Bytes): string => {
  const at = line.lastIndexOf(" ") + 1;
  const word = line.slice(at);
  return line.slice(0, at) + base64(change(fromBase64(word + "=".repeat((4 - (word.length % 4)) % 4))!)).replace(/=+$/, "");
};
const at = (index: number, change: (line: string) => string) => (lines: string[]): string[] =>
  lines.map((line, position) => (position === (index < 0 ? lines.length + index : index) ? change(line) : line));

const macFlipped = (sealed: Bytes): Bytes => headerChanged(sealed, at(-1, (line) => recoded(line, (mac) => flipped(mac, 0))));
const bodyFlipped = (sealed: Bytes): Bytes => headerChanged(sealed, at(2, (line) => recoded(line, (body) => flipped(body, 3))));

function broken(small: Bytes, long: Bytes): [string, Bytes, Failure][] {
  const start = small.length - 116 - 16;
  const payload = long.length - (2 * 65536 + 10 + 3 * 16);
  const chunk = (index: number): Bytes => long.slice(payload + index * 65552, payload + (index + 1) * 65552);
  const share = (change: (value: Bytes) => Bytes): Bytes => headerChanged(small, at(1, (line) => recoded(line, change)));
  return [
    ["another version", concat(utf8("age-encryption.org/v2"), small.subarray(21)), "header"],
    ["a carriage return after the version", headerChanged(small, at(0, (line) => line + "\r")), "header"],
    ["no stanza", headerChanged(small, ([version, , , mac]) => [version!, mac!]), "header"],
    ["a stanza without its body", headerChanged(small, (lines) => lines.filter((_, index) => index !== 2)), "header"],
    ["an argument more", headerChanged(small, at(1, (line) => line + " x")), "header"],
    ["two spaces", headerChanged(small, at(1, (line) => line.replace(" ", "  "))), "header"],
    ["a share that is a byte short", share((value) => value.slice(0, -1)), "header"],
    ["a share that is padded", headerChanged(small, at(1, (line) => line + "=")), "header"],
    ["a wrapped file key that is a byte short", headerChanged(small, at(2, (line) => recoded(line, (body) => body.slice(0, -1)))), "header"],
    ["a share flipped in its ML-KEM part", share((value) => flipped(value, 5)), "no match"],
    ["a share flipped in its X25519 part", share((value) => flipped(value, 1100)), "no match"],
    ["a share whose X25519 part is of small order", share((value) => (value.fill(0, 1088), value)), "header"],
    ["a byte flipped in the wrapped file key", bodyFlipped(small), "no match"],
    ["a byte flipped in the header's MAC", macFlipped(small), "mac"],
    ["a MAC that is a byte short", headerChanged(small, at(-1, (line) => recoded(line, (mac) => mac.slice(0, -1)))), "header"],
    ["a stanza twice", headerChanged(small, (lines) => [lines[0]!, lines[1]!, lines[2]!, ...lines.slice(1)]), "mac"],
    ["cut in the header", small.slice(0, 700), "header"],
    ["nothing at all", new Uint8Array(0), "header"],
    ["cut after the header", small.slice(0, start), "header"],
    ["cut in the payload's nonce", small.slice(0, start + 15), "header"],
    ["no chunk", small.slice(0, start + 16), "payload"],
    ["the payload's nonce flipped", flipped(small, start), "payload"],
    ["a sealed byte flipped", flipped(small, start + 20), "payload"],
    ["the last byte flipped", flipped(small, -1), "payload"],
    ["cut by a byte", small.slice(0, -1), "payload"],
    ["a byte after the end", concat(small, new Uint8Array(1)), "payload"],
    ["cut after the first chunk", long.slice(0, payload + 65552), "payload"],
    ["cut after the second chunk", long.slice(0, payload + 2 * 65552), "payload"],
    ["chunks swapped", concat(long.subarray(0, payload), chunk(1), chunk(0), chunk(2)), "payload"],
    ["a chunk left out", concat(long.subarray(0, payload), chunk(0), chunk(2)), "payload"],
    ["a chunk twice", concat(long.subarray(0, payload), chunk(0), chunk(0), chunk(1), chunk(2)), "payload"],
    ["something random", randomBytes(2000), "header"],
  ];
}
