import assert from "node:assert/strict";
import test from "node:test";
import { inflateSync } from "node:zlib";
import * as typage from "age-encryption";
import * as vectors from "cctv-age";
import { parseRecipient } from "../src/age/bech32.ts";
import { AgeError } from "../src/age/error.ts";
import { open } from "../src/age/open.ts";
import { seal, sealedSizeInBytes } from "../src/age/seal.ts";
import { isValidPublicKey } from "../src/age/validate.ts";
import { type Bytes, concat, hex, randomBytes, sha256 } from "../src/bytes.ts";
import { identityKeys, testIdentity } from "./identity.ts";
import { foldersWith, vectorBytes, vectorJson } from "./vectors.ts";

async function* cut(plaintext: Bytes, pieceSize: number): AsyncGenerator<Bytes, void> {
  for (let at = 0; at < plaintext.length; at += pieceSize) yield plaintext.slice(at, at + pieceSize);
}

async function sealAll(publicKeys: Bytes[], plaintext: Bytes, pieceSize = 10_007): Promise<Bytes> {
  const chunks: Bytes[] = [];
  for await (const chunk of seal(publicKeys, plaintext.length, cut(plaintext, pieceSize))) chunks.push(chunk);
  return concat(...chunks);
}

const Sizes = [0, 1, 64, 16384, 16385, 65535, 65536, 65537, 131072, 200_001];

test("Seal_AnySize_TypageOpensIt", async () => {
  const reviewers = await Promise.all([1, 2, 3].map(testIdentity));
  for (const size of Sizes) {
    const plaintext = new Uint8Array(size).map((_, index) => index * 7);
    const sealed = await sealAll(reviewers.map(({ keys }) => keys.publicKey), plaintext);
    assert.equal(sealed.length, sealedSizeInBytes(3, size));
    for (const { text } of reviewers) {
      const decrypter = new typage.Decrypter();
      decrypter.addIdentity(text);
      assert.deepEqual(await decrypter.decrypt(sealed), plaintext, `${size} bytes`);
    }
  }
});

test("Open_WhatTypageSealed_GivesThePlaintext", async () => {
  const [mine, other] = await Promise.all([1, 2].map(testIdentity));
  for (const size of Sizes) {
    const plaintext = new Uint8Array(size).map((_, index) => index * 11);
    const encrypter = new typage.Encrypter();
    encrypter.addRecipient(other!.recipient);
    encrypter.addRecipient(mine!.recipient);
    const sealed = Uint8Array.from(await encrypter.encrypt(plaintext));
    assert.deepEqual(await open(sealed, mine!.keys), plaintext, `${size} bytes`);
    assert.equal(sealed.length, sealedSizeInBytes(2, size));
  }
});

test("Open_AnyByteChanged_IsRefused", async () => {
  const { keys } = await testIdentity(1);
  const sealed = await sealAll([keys.publicKey], new Uint8Array(100));
  for (let at = 0; at < sealed.length; at += at < 60 || at > 1500 ? 1 : 37) {
    const changed = sealed.slice();
    changed[at]! ^= 1;
    await assert.rejects(open(changed, keys), AgeError, `byte ${at}`);
  }
});

test("Open_CutOrContinued_IsRefused", async () => {
  const { keys } = await testIdentity(1);
  const sealed = await sealAll([keys.publicKey], new Uint8Array(65536 + 10));
  for (const size of [0, 10, 1000, sealed.length - 65552 - 26, sealed.length - 26, sealed.length - 1]) {
    await assert.rejects(open(sealed.slice(0, size), keys), AgeError, `${size} bytes`);
  }
  await assert.rejects(open(concat(sealed, new Uint8Array(1)), keys), AgeError);
});

test("Seal_PiecesDoNotAddUp_HasNoFinalChunk", async () => {
  const { keys } = await testIdentity(1);
  for (const said of [99, 101, 65536, 0]) {
    const chunks: Bytes[] = [];
    await assert.rejects(async () => {
      for await (const chunk of seal([keys.publicKey], said, cut(new Uint8Array(100), 7))) chunks.push(chunk);
    });
    if (said !== 0) assert.equal(chunks.length, 1, "the header alone");
  }
  await assert.rejects(async () => void (await seal([], 0, cut(new Uint8Array(0), 1)).next()));
});

for (const folder of foldersWith("sizes.json")) test(`SealedSize_${folder}Vectors_Hold`, () => {
  for (const { recipients, plain, sealed } of vectorJson(folder + "sizes.json").age) {
    assert.equal(sealedSizeInBytes(recipients, plain), sealed);
  }
});

for (const folder of foldersWith("age.json")) test(`Open_${folder}Vectors_SamePlaintextOrFailure`, async () => {
  const { identity, x25519, passphrase, files } = vectorJson(folder + "age.json");
  const keys = await identityKeys(identity);
  const digest = async (plaintext: Bytes) => ({ bytes: plaintext.length, sha256: hex(await sha256(plaintext)) });
  for (const { file, kind, what, failure, ...content } of files) {
    const sealed = vectorBytes(folder + file);
    if (kind === "hybrid") {
      const read = open(sealed, keys);
      if (failure === null) assert.deepEqual(await digest(await read), content, what);
      else await assert.rejects(read, (error) => error instanceof AgeError && error.failure === failure, what);
      continue;
    }
    // The page reads neither; the library that it is compared with does, and names no class.
    const decrypter = new typage.Decrypter();
    if (kind === "x25519") decrypter.addIdentity(x25519);
    else decrypter.addPassphrase(passphrase);
    const read = decrypter.decrypt(sealed);
    if (failure === null) assert.deepEqual(await digest(Uint8Array.from(await read)), content, what);
    else await assert.rejects(read, what);
    await assert.rejects(open(sealed, keys), (error) => error instanceof AgeError && error.failure === "header", what);
  }
  assert.ok(["hybrid", "x25519", "scrypt"].every((kind) => files.some((file: { kind: string }) => file.kind === kind)));
});

/** Files with another kind of stanza, which age passes over: nothing here seals such a file, so it fails at its header. */
const StricterHere = new Set(["hybrid_and_x25519", "hybrid_grease", "hybrid_uppercase"]);

test("Open_OfficialHybridVectors_SameVerdicts", async () => {
  let read = 0;
  for (const [name, bytes] of Object.entries(vectors as unknown as Record<string, Uint8Array>)) {
    const end = Buffer.from(bytes).indexOf("\n\n");
    const fields = Buffer.from(bytes.subarray(0, end)).toString().split("\n").map((line) => line.split(": ") as [string, string]);
    const field = Object.fromEntries(fields);
    const identities = fields.filter(([key]) => key === "identity").map(([, value]) => value);
    if (identities.length === 0 || !identities.every((text) => text.startsWith("AGE-SECRET-KEY-PQ-1")) || field["armored"]) continue;
    read++;
    const body = bytes.subarray(end + 2);
    const file = Uint8Array.from(field["compressed"] === "zlib" ? inflateSync(body) : body);
    const verdicts = await Promise.all(
      identities.map(async (text) => {
        try {
          return hex(await sha256(await open(file, await identityKeys(text))));
        } catch (error) {
          assert.ok(error instanceof AgeError, name);
          return error.failure;
        }
      }),
    );
    const official = field["expect"] === "success" ? field["payload"]! : field["expect"]!.replace(" failure", "");
    assert.deepEqual(verdicts, [StricterHere.has(name) ? "header" : official], name);
  }
  assert.ok(read >= 15, `${read} vectors were read`);
});

test("ParseRecipient_AnotherSpelling_IsRefused", async () => {
  const { recipient } = await testIdentity(1);
  assert.ok(parseRecipient(recipient));
  const others = [recipient.toUpperCase(), recipient.slice(0, -1), recipient + "q", recipient.replace("age1pq1", "age1"), "", ` ${recipient}`];
  for (const other of others) assert.equal(parseRecipient(other), null);
});

test("IsValidPublicKey_BadModulusOrSmallOrder_IsRefused", async () => {
  const { keys } = await testIdentity(1);
  assert.equal(await isValidPublicKey(keys.publicKey), true);
  const modulus = keys.publicKey.slice();
  modulus.set([0xff, 0xff, 0xff], 300);
  assert.equal(await isValidPublicKey(modulus), false);
  await assert.rejects(sealAll([modulus], randomBytes(1)));
  const smallOrder = keys.publicKey.slice();
  smallOrder.fill(0, 1184);
  assert.equal(await isValidPublicKey(smallOrder), false);
  await assert.rejects(sealAll([smallOrder], randomBytes(1)));
});
