// Writes tests/vectors/page/: what this page's code seals, signs and derives, for the C# tests to open. Run by
// `npm run vectors`; what is there already stands. The index files have the form of those in tests/vectors/.
import { parseRecipient } from "../src/age/bech32.ts";
import { type Bytes, concat, fromHex, hex, hmac, hmacKey, randomBytes, sha256, utf8 } from "../src/bytes.ts";
import { type CodenameKeys, deriveKeys } from "../src/codename/keys.ts";
import { words } from "../src/codename/words.ts";
import { publicKeyOf } from "../src/minisign/ed25519.ts";
import { parsePublicKey, publicKeyFromBytes } from "../src/minisign/key.ts";
import { signStatement } from "../src/minisign/statement.ts";
import { digestFile } from "../src/report/file.ts";
import { emptyDraft, frameReport, writeReport } from "../src/report/report.ts";
import { sealReport } from "../src/report/seal.ts";
import { reportSize } from "../src/report/size.ts";
import { sizeClass } from "../src/report/sizeclass.ts";
import { verifyRoster } from "../src/roster/verify.ts";
import type { DropView, ReportDraft } from "../src/types.ts";
import { addDays, answerOf, seedOf, type TestDrop, testDrop } from "./drop.ts";
import { ageVectors } from "./writing/age.ts";
import { archiveVectors } from "./writing/archives.ts";
import { codenameVectors } from "./writing/codenames.ts";
import { rosterVectors } from "./writing/rosters.ts";
import { signatureVectors } from "./writing/signatures.ts";
import { sizeVectors } from "./writing/sizes.ts";
import { ticketVectors } from "./writing/tickets.ts";
import { member, once, padded, sealTo, write } from "./writing/write.ts";

const Day = "2026-11-24";

async function reportVectors(drop: TestDrop, view: DropView, keys: CodenameKeys): Promise<unknown> {
  const reports: unknown[] = [];
  const add = (what: string, sealed: Bytes, outcome: Record<string, unknown>): void => {
    const file = `reports/${String(reports.length + 1).padStart(2, "0")}.age`;
    write(file, sealed);
    reports.push({ file, what, check: null, ...outcome });
  };
  const good = async (what: string, kind: "report" | "follow-up" | "decoy", draft: ReportDraft, message = draft.message): Promise<void> => {
    const digests: string[] = [];
    for (const file of draft.files) digests.push(await digestFile(file, () => undefined, new AbortController().signal));
    const chunks: Bytes[] = [];
    for await (const chunk of (await sealReport(kind, draft, view, keys, digests)).chunks) chunks.push(chunk);
    const attachments = await Promise.all(
      draft.files.map(async (file) => ({ name: file.name, bytes: file.size, sha256: hex(await sha256(new Uint8Array(await file.arrayBuffer()))) })),
    );
    add(what, concat(...chunks), { verdict: kind === "decoy" ? "decoy" : "report", alarms: [], message, conversation: keys.signingKey.text, attachments });
  };
  const draft: ReportDraft = { ...emptyDraft, message: "the valve leaks", answers: { when: "yesterday" }, contact: "nobody", reward: true };
  const content = new Uint8Array(1_100_000).map((_, index) => (index * 7) % 251);
  const files = [new File([content], "../../漏.jpg", { type: "image/jpeg" }), new File([], "empty")];
  await good("a text", "report", draft);
  await good("a follow-up in Chinese", "follow-up", { ...draft, language: "zh-Hans", message: "阀门在漏" });
  await good("two attachments, one longer than a piece, one empty", "report", { ...draft, files });
  await good("a decoy", "decoy", emptyDraft);
  await good("a lone surrogate in the message", "report", { ...draft, message: "a\ud800b" }, "a\ufffdb");
  await good("a text full to its last byte", "follow-up", {
    ...draft,
    message: "x".repeat(reportSize(draft, view).limit - reportSize({ ...draft, message: "" }, view).used),
  });

  const recipients = view.recipients.map(({ key }) => parseRecipient(key)!);
  const frame = await frameReport("report", view, keys, []);
  const json = utf8(writeReport(draft, view, frame));
  const signature = utf8(signStatement("report", json, keys.signingSeed));
  const archiveOf = (statement: Bytes, signed: Bytes, ...more: Bytes[]): Bytes =>
    concat(member("report.json", statement), member("report.json.minisig", signed), ...more, new Uint8Array(1024));
  const bad = async (what: string, check: string, archive: Bytes, change = (sealed: Bytes) => sealed): Promise<void> =>
    add(what, change(await sealTo(recipients, padded(archive, sizeClass(archive.length)))), { check });
  const whole = archiveOf(json, signature);
  await bad("signed by another key", "key number", archiveOf(json, utf8(signStatement("report", json, seedOf(3)))));
  await bad("signed as a reply", "purpose", archiveOf(json, utf8(signStatement("reply", json, keys.signingSeed))));
  await bad("other bytes than were signed", "signature", archiveOf(concat(json, utf8(" ")), signature));
  await bad("an attachment that is not named", "attachment", archiveOf(json, signature, member("attachments/0001", utf8("x"))));
  const file = new File(["right"], "a.txt");
  const named = utf8(writeReport({ ...draft, files: [file] }, view, { ...frame, digests: [hex(await sha256(await sha256(utf8("right"))))] }));
  const namedSignature = utf8(signStatement("report", named, keys.signingSeed));
  await bad("an attachment changed", "attachment", archiveOf(named, namedSignature, member("attachments/0001", utf8("wrong"))));
  await bad("a named attachment that is missing", "attachment", archiveOf(named, namedSignature));
  await bad("not padded with zeros", "archive", concat(whole, Uint8Array.of(1)));
  await bad("a last byte flipped", "age", whole, (sealed) => ((sealed[sealed.length - 1]! ^= 1), sealed));
  await bad("cut by a byte", "age", whole, (sealed) => sealed.slice(0, -1));
  await bad("a byte after the end", "age", whole, (sealed) => concat(sealed, new Uint8Array(1)));
  add("a class too large", await sealTo(recipients, padded(whole, 81920)), { check: "size class" });

  const [identity, ...others] = drop.reviewers.map(({ identity: { text } }) => text);
  return { identity, others, answer: answerOf(drop, drop.roster), reports };
}

interface Part { readonly what?: string; readonly kind?: string; readonly message?: string; readonly day?: string; readonly part?: number; readonly parts?: number; readonly id?: string; readonly seed?: Uint8Array; readonly conversation?: string; readonly dropKey?: string }

async function replyVectors(drop: TestDrop, view: DropView, phrase: string, keys: CodenameKeys): Promise<unknown> {
  const longId = hex(randomBytes(16));
  const halves = ["长".repeat(1500), "短".repeat(100)];
  const parts: Part[] = [
    { kind: "receipt" },
    { message: halves[1]!, part: 2, parts: 2, id: longId },
    { message: halves[0]!, part: 1, parts: 2, id: longId },
    { what: "signed by nobody in the roster", seed: seedOf(9) },
    { what: "meant for another", conversation: publicKeyFromBytes(publicKeyOf(seedOf(8))).text },
    { what: "from another drop", dropKey: publicKeyFromBytes(publicKeyOf(seedOf(7))).text },
    { what: "15 days old", day: addDays(view.day, -15) },
    { what: "of tomorrow", day: addDays(view.day, 1) },
  ];
  const recipients = view.recipients.map(({ key }) => parseRecipient(key)!);
  const slots: Bytes[] = [];
  const batch: Bytes[] = [];
  for (const part of parts) {
    const json = utf8(JSON.stringify({
      format: "securedrop-reply/1", id: part.id ?? hex(randomBytes(16)), dropKey: part.dropKey ?? view.dropKeyText, conversation: part.conversation ?? keys.signingKey.text,
      day: part.day ?? view.day, part: part.part ?? 1, parts: part.parts ?? 1, kind: part.kind ?? "message", message: part.message ?? "",
    }));
    const signature = utf8(signStatement("reply", json, part.seed ?? drop.reviewers[0]!.signingSeed));
    const plaintext = padded(concat(member("reply.json", json), member("reply.json.minisig", signature)), 8192);
    const nonce = randomBytes(16);
    const mark = (await hmac(await hmacKey(keys.tag), nonce)).slice(0, 16);
    const slot = concat(nonce, mark, await sealTo([keys.identity.publicKey], plaintext));
    const copy = await sealTo(recipients, plaintext);
    const length = new Uint8Array(4);
    new DataView(length.buffer).setUint32(0, copy.length);
    slots.push(slot);
    batch.push(concat(new Uint8Array(2), slot, length, copy));
  }
  slots.push(randomBytes(slots[0]!.length)); // somebody else's
  slots.sort((a, b) => (hex(a.slice(0, 16)) < hex(b.slice(0, 16)) ? -1 : 1));
  write("replies/dead-drop.bin", concat(...slots));
  write("replies/batch.bin", concat(...batch));
  const signer = view.roster.reviewers[0]!.signingKey;
  const notShown = parts.flatMap(({ what }) => what ?? []);
  return {
    words: phrase, link: view.dropKeyText, answer: answerOf(drop, drop.roster), day: view.day, deadDrop: "replies/dead-drop.bin", slots: slots.length,
    batch: "replies/batch.bin", notShown, damaged: notShown.length,
    replies: [
      { kind: "receipt", message: "", day: view.day, signer, parts: 1 },
      { kind: "message", message: halves.join(""), day: view.day, signer, parts: 2 },
    ],
  };
}

const drop = await testDrop({ day: Day, reviewers: 3 });
const view = await verifyRoster(answerOf(drop, drop.roster), drop.roster.dropKey, Day);
const codename = { entropy: fromHex("801d8b5450e12d2a81b26bd0bdab479d") };
const keys = await deriveKeys(codename, parsePublicKey(view.dropKeyText)!);
await once("reports.json", () => reportVectors(drop, view, keys));
await once("replies.json", () => replyVectors(drop, view, words(codename, "en").join(" "), keys));
await once("codenames.json", () => codenameVectors(view.dropKeyText));
await once("signatures.json", signatureVectors);
await once("rosters.json", rosterVectors);
await once("tickets.json", ticketVectors);
await once("age.json", ageVectors);
await once("archives.json", archiveVectors);
await once("sizes.json", sizeVectors);
