import assert from "node:assert/strict";
import test from "node:test";
import { seal } from "../src/age/seal.ts";
import { paddingInBytes, writeHeader } from "../src/archive/ustar.ts";
import { type Bytes, concat, hmac, hmacKey, randomBytes, utf8 } from "../src/bytes.ts";
import { type CodenameKeys, deriveKeys } from "../src/codename/keys.ts";
import { generateCodename, parseCodename } from "../src/codename/words.ts";
import { parsePublicKey } from "../src/minisign/key.ts";
import { signStatement } from "../src/minisign/statement.ts";
import { scanDeadDrop, SlotSizeInBytes } from "../src/reply/slot.ts";
import { parseRosterAnswer } from "../src/roster/parse.ts";
import { verifyRoster } from "../src/roster/verify.ts";
import type { Codename, Conversation } from "../src/types.ts";
import { readConversation } from "../src/visit/conversation.ts";
import { addDays, answerOf, seedOf, testDrop } from "./drop.ts";
import { foldersWith, vectorBytes, vectorJson } from "./vectors.ts";

for (const folder of foldersWith("replies.json")) test(`DeadDrop_${folder}Vectors_SameRepliesAndDamage`, async () => {
  const { words, link, answer, day, deadDrop, slots, damaged, replies } = vectorJson(folder + "replies.json");
  const drop = await verifyRoster(parseRosterAnswer(JSON.stringify(answer)), link, day);
  const keys = await deriveKeys(parseCodename(words) as Codename, parsePublicKey(drop.dropKeyText)!);
  const bytes = vectorBytes(folder + deadDrop);
  assert.equal(bytes.length, slots * SlotSizeInBytes);
  const found = await scanDeadDrop(bytes, await hmacKey(keys.tag));
  const view = { found: found.map((sealed) => ({ day, sealed })), indexRead: true, newestDay: day, unreachableDays: [] };
  const conversation = await readConversation(view, keys, drop);
  assert.equal(conversation.uncheckedCount, damaged);
  const shown = conversation.replies.map(({ kind, message, day, signerKey, parts, missingParts }) => {
    assert.deepEqual(missingParts, []);
    return { kind, message, day, signer: signerKey, parts };
  });
  const sorted = (list: { kind: string }[]) => [...list].sort((a, b) => (a.kind < b.kind ? -1 : 1));
  assert.deepEqual(sorted(shown), sorted(replies));
});

interface Part { seed?: Uint8Array; kind?: string; id?: string; part?: number; parts?: number; message?: string; day?: string; conversation?: string; dropKey?: string; extra?: string; comment?: string }

/** A source, and a reviewer who answers it. */
async function setUp() {
  const drop = await testDrop();
  const view = await verifyRoster(answerOf(drop, drop.roster), null, drop.day);
  const keys = await deriveKeys(generateCodename(), parsePublicKey(view.dropKeyText)!);
  const write = async (part: Part): Promise<Bytes> => {
    const { seed = drop.reviewers[0]!.signingSeed, id = "00".repeat(16), extra = "" } = part;
    const json = utf8(JSON.stringify({
      format: "securedrop-reply/1", id, dropKey: part.dropKey ?? view.dropKeyText, conversation: part.conversation ?? keys.signingKey.text,
      day: part.day ?? view.day, part: part.part ?? 1, parts: part.parts ?? 1, kind: part.kind ?? "message", message: part.message ?? "",
    }) + extra);
    return sealReply(json, utf8(signStatement("reply", json, seed).replace("securedrop/1", part.comment ?? "securedrop/1")), keys);
  };
  const readFrom = async (found: readonly { day: string; sealed: Bytes }[], newestDay = view.day): Promise<Conversation> =>
    readConversation({ found, indexRead: true, newestDay, unreachableDays: [] }, keys, view);
  const read = (parts: readonly Bytes[], day = view.day): Promise<Conversation> => readFrom(parts.map((sealed) => ({ day, sealed })), day);
  return { drop, view, keys, write, read, readFrom };
}

async function sealReply(json: Bytes, signature: Bytes, keys: CodenameKeys): Promise<Bytes> {
  const archive = concat(
    writeHeader("reply.json", json.length), json, new Uint8Array(paddingInBytes(json.length)),
    writeHeader("reply.json.minisig", signature.length), signature, new Uint8Array(paddingInBytes(signature.length)),
  );
  const plaintext = concat(archive, new Uint8Array(8192 - archive.length));
  const chunks: Bytes[] = [];
  for await (const chunk of seal([keys.identity.publicKey], 8192, (async function* () { yield plaintext; })())) chunks.push(chunk);
  return concat(...chunks);
}

test("Conversation_PartsOutOfOrderWithAGap_AreJoinedAndTheGapIsNamed", async () => {
  const { write, read } = await setUp();
  const parts = await Promise.all([write({ part: 3, parts: 3, message: "c" }), write({ part: 1, parts: 3, message: "a" })]);
  const { replies, uncheckedCount } = await read(parts);
  assert.equal(uncheckedCount, 0);
  assert.deepEqual(replies.map(({ message, pieces, missingParts, parts }) => ({ message, pieces, missingParts, parts })), [
    { message: "ac", pieces: ["a", null, "c"], missingParts: [2], parts: 3 },
  ]);
});

test("Conversation_PartsOfSeveralDays_GoWithTheFirstThatEnds", async () => {
  const { view, write, readFrom } = await setUp();
  const [day, later, last] = [0, 1, 2].map((days) => addDays(view.day, days)) as [string, string, string];
  const [first, second] = [await write({ part: 1, parts: 2, message: "a" }), await write({ part: 2, parts: 2, message: "b" })];
  const stays = async (...found: [string, Bytes][]) =>
    (await readFrom(found.map(([day, sealed]) => ({ day, sealed })))).replies.map(({ deadDropDay, message }) => [deadDropDay, message]);
  assert.deepEqual(await stays([later, first]), [[later, "a"]]);
  assert.deepEqual(await stays([last, second], [later, first]), [[later, "ab"]]);
  assert.deepEqual(await stays([day, first], [later, second], [last, first]), [[later, "ab"]], "a part that came twice stays with its later copy");
});

test("Conversation_SamePartTwice_IsShownOnce_AndAnotherTextIsCounted", async () => {
  const { write, read } = await setUp();
  const once = await write({ message: "a" });
  assert.equal((await read([once, await write({ message: "a" }), once])).uncheckedCount, 0);
  const { replies, uncheckedCount } = await read([once, await write({ message: "b" }), await write({ message: "a", kind: "closed" }), await write({ parts: 2 })]);
  assert.deepEqual([replies.length, replies[0]!.message, uncheckedCount], [1, "a", 3]);
});

test("Conversation_SameIdOfAnotherSigner_IsAnotherReply", async () => {
  const { drop, write, read } = await setUp();
  const { replies } = await read([await write({ message: "a" }), await write({ message: "b", seed: drop.reviewers[1]!.signingSeed })]);
  assert.deepEqual(replies.map(({ signer, message }) => [signer, message]), [[0, "a"], [1, "b"]]);
});

test("Conversation_ReceiptOfTheSameDay_StandsBeforeWhatFollowedIt", async () => {
  const { write, read } = await setUp();
  const answer = await write({ message: "a" });
  const receipt = await write({ id: "11".repeat(16), kind: "receipt" });
  assert.deepEqual((await read([answer, receipt])).replies.map(({ kind }) => kind), ["receipt", "message"]);
});

test("Conversation_FormerReviewer_IsHeardToTheLastDay", async () => {
  const { view, write, read } = await setUp();
  const seed = seedOf(90);
  const { replies, uncheckedCount } = await read([
    await write({ seed, day: addDays(view.day, -1), message: "then", id: "01".repeat(16) }), await write({ seed, day: view.day, message: "now", id: "02".repeat(16) }),
  ]);
  assert.deepEqual([replies.map(({ message, former, signerName }) => [message, former, signerName?.["en"]]), uncheckedCount], [[["then", true, "Gone"]], 1]);
});

test("Conversation_NotForThisSourceOrDay_IsCountedNotShown", async () => {
  const { view, keys, write, read } = await setUp();
  const other = await deriveKeys(generateCodename(), parsePublicKey(view.dropKeyText)!);
  const bad: Part[] = [
    { seed: seedOf(1) }, { conversation: other.signingKey.text }, { dropKey: keys.signingKey.text }, { day: addDays(view.day, 1) }, { day: addDays(view.day, -15) },
    { part: 0 }, { part: 2 }, { parts: 0 }, { parts: 2 ** 40, part: 1 }, { id: "ABC" }, { extra: "x" }, { message: "x".repeat(5632) },
    { comment: "x".repeat(267) },
  ];
  assert.equal((await read([await write({ comment: "x".repeat(266) })])).uncheckedCount, 0);
  const all = await Promise.all(bad.map(write));
  const { replies, uncheckedCount } = await read([...all, randomBytes(9851), await write({ day: addDays(view.day, -14), message: "old", kind: "unheard of" })]);
  assert.deepEqual([replies.map(({ message, kind }) => [message, kind]), uncheckedCount], [[["old", "unheard of"]], bad.length + 1]);
});

test("Conversation_Filler_IsNeitherShownNorCounted", async () => {
  const { write, read } = await setUp();
  const { replies, uncheckedCount } = await read([await write({ kind: "filler" })]);
  assert.deepEqual([replies.length, uncheckedCount], [0, 0]);
});

test("ScanDeadDrop_AnotherTagOrTornSlot_FindsNothing", async () => {
  const { keys, write } = await setUp();
  const tagKey = await hmacKey(keys.tag);
  const nonce = randomBytes(16);
  const slot = concat(nonce, (await hmac(tagKey, nonce)).slice(0, 16), await write({}));
  assert.equal(slot.length, SlotSizeInBytes);
  assert.equal((await scanDeadDrop(concat(randomBytes(SlotSizeInBytes), slot), tagKey)).length, 1);
  assert.equal((await scanDeadDrop(slot, await hmacKey(randomBytes(32)))).length, 0);
  assert.equal((await scanDeadDrop(slot.slice(0, -1), tagKey)).length, 0);
});

test("ReadConversation_ServersClock_IsComparedWithOurs", async () => {
  const { view, read } = await setUp();
  for (const [days, disagrees] of [[0, false], [-1, false], [-2, true], [1, true]] as const) {
    assert.equal((await read([], addDays(view.day, days))).clockDisagrees, disagrees, `${days}`);
  }
});
