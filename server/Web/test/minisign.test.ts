import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import test from "node:test";
import { fromHex, randomBytes, utf8 } from "../src/bytes.ts";
import { publicKeyOf } from "../src/minisign/ed25519.ts";
import { parsePublicKey, publicKeyFromBytes } from "../src/minisign/key.ts";
import { checkStatement, signStatement } from "../src/minisign/statement.ts";
import { foldersWith, vectorJson } from "./vectors.ts";

const check = (vector: { purpose: "roster"; publicKey: string; message: string; signature: string }): string | null => {
  const key = parsePublicKey(vector.publicKey);
  return key === null ? "key" : checkStatement(vector.purpose, fromHex(vector.message), vector.signature, key);
};

for (const folder of foldersWith("signatures.json")) test(`CheckStatement_${folder}Vectors_SameVerdictsAndChecks`, () => {
  const vectors = vectorJson(folder + "signatures.json");
  assert.ok(vectors.valid.length > 0 && vectors.refused.length > 0);
  for (const vector of vectors.valid) assert.equal(check(vector), null, vector.what ?? vector.purpose);
  for (const vector of vectors.refused) assert.equal(check(vector), vector.check, vector.what);
});

test("SignStatement_EachPurpose_VerifiesForItAlone", () => {
  const seed = randomBytes(32);
  const key = publicKeyFromBytes(publicKeyOf(seed));
  assert.deepEqual(parsePublicKey(key.text)?.bytes, key.bytes);
  const statement = utf8('{"a":1}');
  for (const purpose of ["roster", "successor", "recipient", "report", "reply", "session"] as const) {
    const signature = signStatement(purpose, statement, seed);
    assert.equal(checkStatement(purpose, statement, signature, key), null);
    assert.equal(checkStatement(purpose, utf8('{"a":2}'), signature, key), "signature");
    assert.equal(checkStatement(purpose === "report" ? "reply" : "report", statement, signature, key), "purpose");
  }
});

test("ParsePublicKey_MegabytesOfBase64_IsNoKey", () => {
  assert.equal(parsePublicKey("A".repeat(4_000_000)), null);
});

test("CheckStatement_AnyCharacterChanged_IsRefused", () => {
  const seed = new Uint8Array(32).fill(5);
  const key = publicKeyFromBytes(publicKeyOf(seed));
  const statement = utf8("x");
  const signature = signStatement("report", statement, seed);
  const untrusted = signature.indexOf("\n");
  for (let at = 0; at < signature.length; at += at > 40 ? 3 : 1) {
    const changed = signature.slice(0, at) + (signature[at] === "B" ? "C" : "B") + signature.slice(at + 1);
    const inComment = at >= "untrusted comment: ".length && at < untrusted;
    assert.equal(checkStatement("report", statement, changed, key) === null, inComment, `character ${at}`);
  }
});

test("CheckStatement_LongUntrustedComment_IsReadToALimitOfBytesAndOfCharacters", () => {
  const seed = new Uint8Array(32).fill(5);
  const key = publicKeyFromBytes(publicKeyOf(seed));
  const signature = signStatement("report", utf8("x"), seed);
  const withComment = (comment: string): string => signature.replace("untrusted comment: securedrop/1", () => `untrusted comment: ${comment}`);
  const room = 1024 - withComment("").length;
  for (const [comment, good] of [["x".repeat(room), true], ["x".repeat(room + 1), false], ["长".repeat(334) + "x", true], ["长".repeat(334) + "xx", false]] as const) {
    assert.equal(checkStatement("report", utf8("x"), withComment(comment), key), good ? null : "signature", `${comment.length} characters`);
  }
});

test("StockMinisign_OurSignature_IsAccepted", (context) => {
  if (spawnSync("minisign", ["-v"]).error) return context.skip("the stock program minisign is not installed");
  const folder = mkdtempSync(join(tmpdir(), "page-minisign-"));
  try {
    const seed = randomBytes(32);
    const statement = randomBytes(1000);
    writeFileSync(join(folder, "report.json"), statement);
    writeFileSync(join(folder, "report.json.minisig"), signStatement("report", statement, seed));
    const run = spawnSync("minisign", ["-V", "-m", "report.json", "-P", publicKeyFromBytes(publicKeyOf(seed)).text], { cwd: folder, encoding: "utf8" });
    assert.equal(run.status, 0, run.stderr);
    assert.match(run.stdout, /Trusted comment: securedrop\/1 report/);
  } finally {
    rmSync(folder, { recursive: true });
  }
});
