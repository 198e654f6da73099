import assert from "node:assert/strict";
import test from "node:test";
import { writeRecipient } from "../src/age/bech32.ts";
import { utf8 } from "../src/bytes.ts";
import { publicKeyOf } from "../src/minisign/ed25519.ts";
import { publicKeyFromBytes } from "../src/minisign/key.ts";
import { RosterError } from "../src/roster/error.ts";
import { parseRosterAnswer, type RosterAnswer } from "../src/roster/parse.ts";
import { sameReaders, verifyRoster } from "../src/roster/verify.ts";
import { testIdentity } from "./identity.ts";
import { addDays, answerOf, signed, testDrop } from "./drop.ts";
import { vectorJson } from "./vectors.ts";

async function checkOf(answer: RosterAnswer, link: string | null, day: string): Promise<string | null> {
  try {
    const drop = await verifyRoster(answer, link, day);
    return drop.closed ? "closed" : null;
  } catch (error) {
    assert.ok(error instanceof RosterError, String(error));
    return error.check;
  }
}

/** An `age1pq1…` whose coefficients are out of range. */
async function unsealableKey(): Promise<string> {
  const bad = (await testIdentity(9)).keys.publicKey.slice();
  return writeRecipient(bad.fill(0xff, 0, 30));
}

test("VerifyRoster_Vectors_SameRecipientsOrCheck", async () => {
  const vectors = vectorJson("rosters.json");
  assert.ok(vectors.length >= 19);
  for (const { what, link, day, answer, recipients, missing, check } of vectors) {
    const parsed = parseRosterAnswer(JSON.stringify(answer));
    assert.equal(await checkOf(parsed, link, day), check ?? null, what);
    if (check) continue;
    const drop = await verifyRoster(parsed, link, day);
    assert.deepEqual(drop.recipients, recipients, what);
    assert.deepEqual(drop.missing, missing, what);
    assert.equal(drop.linkVouches, link !== null);
  }
});

test("VerifyRoster_MemberWrong_IsRefused", async () => {
  const drop = await testDrop();
  const category = { id: "a", label: { en: "A" } };
  const question = { ...category, required: false };
  const wrong: [string, unknown][] = [
    ["format", "securedrop-roster/2"], ["version", -1], ["version", "1"], ["issued", "2026-02-30"], ["expires", "2026-1-1"], ["reviewers", []],
    ["reviewers", [drop.roster.reviewers[0], drop.roster.reviewers[0]]], ["shardBits", 17], ["name", "x"], ["name", { en: 1 }], ["origins", [1]],
    ["form", {}], ["channels", [{ kind: "pigeon", value: "x", label: {} }]], ["notices", [{}]], ["former", null], ["dropKey", drop.roster.dropKey.toLowerCase()],
    ["reviewers", Array.from({ length: 65 }, () => drop.roster.reviewers[0])],
    ["name", {}], ["expires", addDays(drop.day, -1)], ["channels", [{ kind: "web", value: "x", label: {} }]], ["origins", Array.from({ length: 1001 }, () => "x")],
    ["form", { categories: [category, category], questions: [] }], ["form", { categories: [], questions: [question, question] }],
    ["unknown", "x".repeat(2 ** 20)], ["reviewers", [{ ...drop.roster.reviewers[0], recipient: { key: await unsealableKey(), lastDay: drop.day } }]],
  ];
  for (const [name, value] of wrong) {
    assert.equal(await checkOf(answerOf(drop, { ...drop.roster, [name]: value }), null, drop.day), "roster.json", `${name}: ${JSON.stringify(value)?.slice(0, 50)}`);
  }
  for (const name of Object.keys(drop.roster)) {
    const { [name]: _, ...rest } = drop.roster as unknown as Record<string, unknown>;
    assert.notEqual(await checkOf(answerOf(drop, rest), null, drop.day), null, `without ${name}`);
  }
  assert.equal(await checkOf(answerOf(drop, drop.roster), null, drop.day), null);
});

test("VerifyRoster_StatementWithAKeyNobodyCanSealTo_SpoilsNoOther", async () => {
  const drop = await testDrop();
  const statement = JSON.stringify({
    format: "securedrop-recipient/1", dropKey: drop.roster.dropKey, signingKey: drop.roster.reviewers[0]!.signingKey, serial: 7,
    recipient: { key: await unsealableKey(), firstDay: drop.day, lastDay: drop.day },
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

test("SameReaders_RenewedKeyOrNewReviewer_TellsThemApart", async () => {
  const drop = await testDrop();
  const view = await verifyRoster(answerOf(drop, drop.roster), null, drop.day);
  const newer = await verifyRoster(answerOf(drop, { ...drop.roster, version: 2, notices: [] }), null, drop.day);
  assert.equal(sameReaders(view, newer), true);
  const fewer = await verifyRoster(answerOf(drop, { ...drop.roster, reviewers: drop.roster.reviewers.slice(1) }), null, drop.day);
  assert.equal(sameReaders(view, fewer), false);
  assert.ok(utf8(view.rosterSha256).length === 64);
});
