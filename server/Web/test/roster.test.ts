import assert from "node:assert/strict";
import test from "node:test";
import { writeRecipient } from "../src/age/bech32.ts";
import { utf8 } from "../src/bytes.ts";
import { JsonError } from "../src/json/strict.ts";
import { publicKeyOf } from "../src/minisign/ed25519.ts";
import { publicKeyFromBytes } from "../src/minisign/key.ts";
import { RosterError } from "../src/roster/error.ts";
import { parseRosterAnswer, type RosterAnswer } from "../src/roster/parse.ts";
import { sameReaders, verifyRoster } from "../src/roster/verify.ts";
import { testIdentity } from "./identity.ts";
import { addDays, answerOf, signed, testDrop } from "./drop.ts";
import { foldersWith, vectorJson } from "./vectors.ts";

async function checkOf(answer: RosterAnswer | string, link: string | null, day: string): Promise<string | null> {
  try {
    const drop = await verifyRoster(typeof answer === "string" ? parseRosterAnswer(answer) : answer, link, day);
    return drop.closed ? "closed" : null;
  } catch (error) {
    if (error instanceof JsonError) return "answer"; // as `loadDrop` says it
    assert.ok(error instanceof RosterError, String(error));
    return error.check;
  }
}

for (const folder of foldersWith("rosters.json")) test(`VerifyRoster_${folder}Vectors_SameRecipientsOrCheck`, async () => {
  const vectors = vectorJson(folder + "rosters.json");
  assert.ok(vectors.length >= 19);
  for (const { what, link, day, answer, answerText, recipients, missing, check } of vectors) {
    // Exactly as given where the text itself is what is wrong.
    const given = answerText ?? JSON.stringify(answer);
    assert.equal(await checkOf(given, link, day), check ?? null, what);
    if (check) continue;
    const drop = await verifyRoster(parseRosterAnswer(given), link, day);
    assert.deepEqual(drop.recipients, recipients, what);
    assert.deepEqual(drop.missing, missing, what);
    assert.equal(drop.linkVouches, link !== null);
  }
});

test("VerifyRoster_MemberWrong_IsRefused", async () => {
  const drop = await testDrop();
  const category = { id: "a", label: { en: "A" } };
  const question = { ...category, required: true };
  const wrong: [string, unknown][] = [
    ["format", "securedrop-roster/2"], ["version", -1], ["version", "1"], ["issued", "2026-02-30"], ["expires", "2026-1-1"], ["reviewers", []],
    ["reviewers", [drop.roster.reviewers[0], drop.roster.reviewers[0]]], ["shardBits", 17], ["name", "x"], ["name", { en: 1 }], ["origins", [1]],
    ["form", {}], ["channels", [{ kind: "pigeon", value: "x", label: {} }]], ["notices", [{}]], ["former", null], ["dropKey", drop.roster.dropKey.toLowerCase()],
    ["reviewers", Array.from({ length: 65 }, () => drop.roster.reviewers[0])], ["expires", "2000-01-01"], ["name", {}], ["issued", "0000-01-01"],
    ["form", { categories: [category, category], questions: [] }], ["form", { categories: [], questions: [question, question] }],
    ["origins", Array.from({ length: 1001 }, () => "x")], ["more", "x".repeat(2 ** 20)],
  ];
  for (const [name, value] of wrong) {
    assert.equal(await checkOf(answerOf(drop, { ...drop.roster, [name]: value }), null, drop.day), "roster.json", `${name}: ${JSON.stringify(value)?.slice(0, 50)}`);
  }
  for (const name of Object.keys(drop.roster)) {
    const { [name]: _, ...rest } = drop.roster as unknown as Record<string, unknown>;
    assert.notEqual(await checkOf(answerOf(drop, rest), null, drop.day), null, `without ${name}`);
  }
  assert.equal(await checkOf(answerOf(drop, drop.roster), null, drop.day), null);
  assert.equal(await checkOf({ ...answerOf(drop, drop.roster), dropKey: "RW" }, null, drop.day), "answer");
});

test("VerifyRoster_ItsOwnRecipientIsAKeyNobodyCanSealTo_IsRefused", async () => {
  const drop = await testDrop();
  const bad = (await testIdentity(9)).keys.publicKey.slice();
  bad.fill(0, 1184);
  const [first, ...others] = drop.roster.reviewers;
  const reviewers = [{ ...first, recipient: { key: writeRecipient(bad), lastDay: drop.day } }, ...others];
  assert.equal(await checkOf(answerOf(drop, { ...drop.roster, reviewers }), null, drop.day), "roster.json");
});

test("VerifyRoster_StatementWithAKeyNobodyCanSealTo_SpoilsNoOther", async () => {
  const drop = await testDrop();
  const { keys } = await testIdentity(9);
  const bad = keys.publicKey.slice();
  bad.fill(0xff, 0, 30);
  const statement = JSON.stringify({
    format: "securedrop-recipient/1", dropKey: drop.roster.dropKey, signingKey: drop.roster.reviewers[0]!.signingKey, serial: 7,
    recipient: { key: writeRecipient(bad), firstDay: drop.day, lastDay: drop.day },
  });
  const answer = { ...answerOf(drop, drop.roster), recipients: [signed("recipient", statement, drop.reviewers[0]!.signingSeed), { statement: "{", signature: "" }] };
  const view = await verifyRoster(answer, null, drop.day);
  assert.deepEqual(view.recipients.map(({ from }) => from), ["roster", "roster"]);
});

test("VerifyRoster_SuccessorRing_IsRefused", async () => {
  const [a, b] = [1, 2].map((byte) => new Uint8Array(32).fill(byte + 100));
  const text = (seed: Uint8Array): string => publicKeyFromBytes(publicKeyOf(seed)).text;
  const step = (from: Uint8Array, to: Uint8Array) =>
    signed("successor", JSON.stringify({ format: "securedrop-successor/1", from: text(from), to: text(to) }), from);
  const answer = { dropKey: text(a!), successors: [step(a!, b!), step(b!, a!)], roster: "{}", ...{ signature: "", recipients: [] } };
  assert.equal(await checkOf(answer, null, "2026-11-24"), "successor");
  assert.equal(await checkOf({ ...answer, successors: [step(b!, a!)] }, null, "2026-11-24"), "successor");
});

test("VerifyRoster_Expired_HasNoReadersThatCouldPassForAgreedTo", async () => {
  const drop = await testDrop();
  const expired = await verifyRoster(answerOf(drop, { ...drop.roster, expires: drop.day }), null, addDays(drop.day, 1));
  assert.deepEqual([expired.closed, expired.recipients, expired.missing], [true, [], [0, 1]]);
  const renewed = await verifyRoster(answerOf(drop, { ...drop.roster, version: 2 }), null, addDays(drop.day, 1));
  assert.equal(sameReaders(expired, renewed), false);
});

test("SameReaders_RenewedKeyOrNewReviewer_TellsThemApart", async () => {
  const drop = await testDrop();
  const view = await verifyRoster(answerOf(drop, drop.roster), null, drop.day);
  const newer = await verifyRoster(answerOf(drop, { ...drop.roster, version: 2, notices: [] }), null, drop.day);
  assert.equal(sameReaders(view, newer), true);
  const fewer = await verifyRoster(answerOf(drop, { ...drop.roster, reviewers: drop.roster.reviewers.slice(1) }), null, drop.day);
  assert.equal(sameReaders(view, fewer), false);
  assert.ok(utf8(view.rosterSha256).length === 64);
});
