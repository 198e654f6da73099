import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import test from "node:test";
import * as typage from "age-encryption";
import { AgeError } from "../src/age/error.ts";
import { open } from "../src/age/open.ts";
import { readArchive } from "../src/archive/read.ts";
import { type Bytes, concat, fromUtf8, hex, sha256, utf8 } from "../src/bytes.ts";
import { deriveKeys } from "../src/codename/keys.ts";
import { generateCodename } from "../src/codename/words.ts";
import { parsePublicKey } from "../src/minisign/key.ts";
import { checkStatement } from "../src/minisign/statement.ts";
import { digestFile, FileChangedError } from "../src/report/file.ts";
import { emptyDraft, TextLimitInBytes } from "../src/report/report.ts";
import { sealReport, TextTooLongError } from "../src/report/seal.ts";
import { reportSize, uploadSize } from "../src/report/size.ts";
import { sizeClass } from "../src/report/sizeclass.ts";
import { verifyRoster } from "../src/roster/verify.ts";
import type { ReportDraft } from "../src/types.ts";
import { answerOf, testDrop } from "./drop.ts";
import { identityKeys } from "./identity.ts";
import { foldersWith, repository, vectorBytes, vectorJson } from "./vectors.ts";

const signal = new AbortController().signal;

async function setUp() {
  const drop = await testDrop();
  const view = await verifyRoster(answerOf(drop, drop.roster), null, drop.day);
  const keys = await deriveKeys(generateCodename(), parsePublicKey(view.dropKeyText)!);
  const seal = async (draft: ReportDraft, kind: "report" | "follow-up" | "decoy" = "report"): Promise<Bytes> => {
    const digests: string[] = [];
    for (const file of draft.files) digests.push(await digestFile(file, () => undefined, signal));
    const chunks: Bytes[] = [];
    const sealed = await sealReport(kind, draft, view, keys, digests);
    for await (const chunk of sealed.chunks) chunks.push(chunk);
    assert.equal(concat(...chunks).length, sealed.sizeInBytes);
    return concat(...chunks);
  };
  return { drop, view, keys, seal };
}

const draft: ReportDraft = {
  category: null, answers: { when: "yesterday" }, message: "the valve \ud800leaks 漏", contact: null, reward: true, language: "zh-Hans", files: [],
};
const files = [new File([new Uint8Array(1_500_000).map((_, index) => index % 251)], "../泄漏.jpg", { type: "image/jpeg" }), new File([], "empty")];

test("SealReport_TextAndFiles_OpensWithTypageAndHolds", async () => {
  const { drop, view, keys, seal } = await setUp();
  for (const made of [draft, { ...draft, files }]) {
    const sealed = await seal(made, "follow-up");
    const size = uploadSize(made, view);
    assert.equal(sealed.length, size.sealedBytes);
    const decrypter = new typage.Decrypter();
    decrypter.addIdentity(drop.reviewers[1]!.identity.text);
    const plaintext = await decrypter.decrypt(sealed);
    assert.equal(plaintext.length, size.classBytes);
    assert.deepEqual(plaintext, await open(sealed, drop.reviewers[0]!.identity.keys));
    const members = readArchive(plaintext)!;
    assert.deepEqual(members.map(({ name }) => name), ["report.json", "report.json.minisig", ...made.files.map((_, index) => `attachments/000${index + 1}`)]);
    const json = members[0]!.content;
    assert.equal(checkStatement("report", json, fromUtf8(members[1]!.content), keys.signingKey), null);
    assert.equal(json.length, reportSize(made, view).used);
    const report = JSON.parse(fromUtf8(json));
    assert.deepEqual(Object.keys(report), ["format", "id", "kind", "day", "roster", "conversation", "language", "category", "answers", "message", "contact", "reward", "attachments"]);
    assert.equal(report.message, "the valve \ufffdleaks 漏");
    assert.deepEqual(report.roster, { version: 1, sha256: view.rosterSha256, recipients: await Promise.all(view.recipients.map(async ({ key }) => hex(await sha256(utf8(key))))) });
    assert.deepEqual(report.conversation, { recipient: keys.recipient, signingKey: keys.signingKey.text, tagKey: hex(keys.tag) });
    for (const [index, attachment] of report.attachments.entries()) {
      const content = members[2 + index]!.content;
      assert.equal(content.length, attachment.bytes);
      assert.deepEqual(content, new Uint8Array(await made.files[index]!.arrayBuffer()));
      assert.equal(attachment.sha256, await digestFile(new File([content.slice()], ""), () => undefined, signal));
    }
  }
});

test("SealReport_Twice_SharesNothing", async () => {
  const { drop, seal } = await setUp();
  const [a, b] = [await seal(draft), await seal(draft)];
  const id = async (sealed: Bytes): Promise<string> =>
    JSON.parse(fromUtf8(readArchive(await open(sealed, drop.reviewers[0]!.identity.keys))![0]!.content)).id;
  assert.notEqual(await id(a!), await id(b!));
  assert.notDeepEqual(a!.slice(-100), b!.slice(-100));
});

test("SealReport_Decoy_LooksLikeATextReport", async () => {
  const { seal } = await setUp();
  assert.equal((await seal(emptyDraft, "decoy")).length, (await seal(draft)).length);
});

test("ReportSize_FullToTheLastByte_FitsTheSmallestClass", async () => {
  const { view, seal } = await setUp();
  const room = TextLimitInBytes - reportSize({ ...draft, message: "" }, view).used;
  const full = { ...draft, message: "x".repeat(room) };
  assert.deepEqual(reportSize(full, view), { used: TextLimitInBytes, limit: TextLimitInBytes });
  assert.equal(uploadSize(full, view).classBytes, 65536);
  assert.equal((await seal(full, "follow-up")).length, uploadSize(full, view).sealedBytes);
  await assert.rejects(seal({ ...full, message: full.message + "x" }, "follow-up"), TextTooLongError);
  assert.equal(reportSize({ ...full, message: full.message + '"' }, view).used, TextLimitInBytes + 2);
  assert.equal(reportSize({ ...full, files }, view).limit, 2 ** 20);
});

test("SealReport_FileChanged_IsNamedAndHasNoFinalChunk", async () => {
  const { view, keys } = await setUp();
  const before = new File([new Uint8Array(3_000_000)], "a.bin");
  const after = new File([new Uint8Array(3_000_000).fill(1, 2_999_999)], "a.bin");
  const digest = await digestFile(before, () => undefined, signal);
  const sealed = await sealReport("report", { ...draft, files: [after] }, view, keys, [digest]);
  let size = 0;
  await assert.rejects(
    async () => {
      for await (const chunk of sealed.chunks) size += chunk.length;
    },
    (error) => error instanceof FileChangedError && error.file === "a.bin",
  );
  assert.ok(size < sealed.sizeInBytes);
});

test("UploadSize_OverFiveGigabytes_IsTooLarge", async () => {
  const { view } = await setUp();
  const big = { size: 5 * 2 ** 30, name: "x", type: "" } as File;
  assert.equal(uploadSize({ ...draft, files: [big] }, view).tooLarge, true);
  const just = { size: 5 * 2 ** 30 - 8192, name: "x", type: "" } as File;
  assert.deepEqual(uploadSize({ ...draft, files: [just] }, view).tooLarge, false);
  assert.equal(uploadSize({ ...draft, files: Array.from({ length: 5001 }, () => new File([], "x")) }, view).tooLarge, true);
});

for (const folder of foldersWith("reports.json")) test(`Reports_${folder}Vectors_OpenAndAreWhatTheySay`, async () => {
  const { identity, reports } = vectorJson(folder + "reports.json");
  const keys = await identityKeys(identity);
  assert.ok(reports.length > 0);
  for (const { file, what, check, verdict, message, conversation } of reports) {
    const sealed = vectorBytes(folder + file);
    if (check === "age") {
      await assert.rejects(open(sealed, keys), AgeError, what);
      continue;
    }
    const members = readArchive(await open(sealed, keys));
    if (verdict === "plain") {
      assert.notEqual(members?.[0]?.name, "report.json", what);
      continue;
    }
    assert.equal(members === null, check === "archive", what);
    if (check !== null) continue;
    const report = JSON.parse(fromUtf8(members![0]!.content));
    assert.equal(report.message, message, what);
    const key = parsePublicKey(conversation)!;
    assert.equal(checkStatement("report", members![0]!.content, fromUtf8(members![1]!.content), key), null, what);
    const size = members!.reduce((sum, { content }) => sum + 512 + Math.ceil(content.length / 512) * 512, 1024);
    assert.equal((await open(sealed, keys)).length, sizeClass(size), what);
  }
});

test("StockAgeAndTar_AReportWithFiles_OpenIt", async (context) => {
  const age = join(repository, "../shared/bin/age");
  if (!existsSync(age)) return context.skip("stock age 1.3, an optional program, is not there");
  const { drop, seal } = await setUp();
  const folder = mkdtempSync(join(tmpdir(), "page-report-"));
  try {
    writeFileSync(join(folder, "report.age"), await seal({ ...draft, files }));
    writeFileSync(join(folder, "key.txt"), drop.reviewers[0]!.identity.text + "\n");
    const run = (program: string, ...rest: string[]): void => {
      const { status, stderr } = spawnSync(program, rest, { cwd: folder, encoding: "utf8" });
      assert.equal(status, 0, stderr);
    };
    run(age, "-d", "-i", "key.txt", "-o", "report.tar", "report.age");
    run("tar", "xf", "report.tar");
    assert.deepEqual(new Uint8Array(readFileSync(join(folder, "attachments/0001"))), new Uint8Array(await files[0]!.arrayBuffer()));
    assert.equal(readFileSync(join(folder, "attachments/0002")).length, 0);
  } finally {
    rmSync(folder, { recursive: true });
  }
});
