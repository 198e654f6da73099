import { writeRecipient } from "../../src/age/bech32.ts";
import { base64, concat, utf8 } from "../../src/bytes.ts";
import { publicKeyOf } from "../../src/minisign/ed25519.ts";
import { publicKeyFromBytes } from "../../src/minisign/key.ts";
import { addDays, answerOf, seedOf, signed, type TestDrop } from "../drop.ts";
import { testIdentity } from "../identity.ts";
import { type Add, Day, keyText, renamed } from "./rosterlist.ts";

/** Signed texts that are not JSON as the protocol spells it. */
export function addJson(drop: TestDrop, add: Add): void {
  const text = JSON.stringify(drop.roster);
  const wrong: [string, string][] = [
    ["nothing", ""],
    ["a list", "[]"],
    ["a byte order mark", "\ufeff" + text],
    ["a member twice", text.replace('"version":1', '"version":1,"version":1')],
    ["a member twice, once escaped", text.replace('"version":1', '"version":1,"v\\u0065rsion":2')],
    ["a member twice, deep inside a member nobody asks for", text.replace("{", '{"x":[{"y":{"z":1,"z":1}}],')],
    ["half of a surrogate pair in a name nobody asks for", text.replace("{", '{"\\ud800":1,')],
    ["half of a surrogate pair in a text", text.replace("Test drop", "\\ud83d")],
    ["a control character in a text", text.replace("Test drop", "a\tb")],
    ["a comma too many", text.slice(0, -1) + ",}"],
    ["a comment", text + "//"],
    ["something after the end", text + "{}"],
    ["single quotation marks", text.replace('"format"', "'format'")],
    ["a fraction nobody asks for", text.replace("{", '{"x":0.5,')],
    ["an exponent", text.replace('"version":1', '"version":1e0')],
    ["an integer with a fraction", text.replace('"version":1', '"version":1.0')],
    ["a negative zero", text.replace('"shardBits":0', '"shardBits":-0')],
    ["a leading zero", text.replace('"version":1', '"version":01')],
    ["an integer of 2^53", text.replace('"version":1', '"version":9007199254740992')],
    ["an integer in a text", text.replace('"version":1', '"version":"1"')],
    ["33 levels", text.replace("{", `{"x":${"[".repeat(32)}${"]".repeat(32)},`)],
  ];
  for (const [what, statement] of wrong) add(`roster.json: ${what}`, { ...answerOf(drop, {}), ...renamed(signed("roster", statement, drop.dropSeed)) }, { check: "roster.json" });
  const deep = text.replace("{", `{"x":${"[".repeat(31)}${"]".repeat(31)},`);
  add("roster.json: 32 levels", { ...answerOf(drop, {}), ...renamed(signed("roster", deep, drop.dropSeed)) }, {});
}

/** Signed rosters that break a rule of the format. */
export async function addRules(drop: TestDrop, add: Add): Promise<void> {
  const { roster } = drop;
  const [first, second] = roster.reviewers;
  const unusable = (await testIdentity(9)).keys.publicKey.slice();
  unusable.fill(0, 1184);
  const withFirst = (change: object): object => ({ reviewers: [{ ...first, ...change }, ...roster.reviewers.slice(1)] });
  const label = { en: "x" };
  const wrong: [string, object][] = [
    ["no reviewers", { reviewers: [] }],
    ["a later format", { format: "securedrop-roster/2" }],
    ["another kind of statement", { format: "securedrop-recipient/1" }],
    ["one signing key for two reviewers", withFirst({ signingKey: second!.signingKey })],
    ["one session key for two reviewers", withFirst({ sessionKey: second!.sessionKey })],
    ["one recipient for two reviewers", withFirst({ recipient: second!.recipient })],
    ["a reviewer whose session key signs", withFirst({ sessionKey: first!.signingKey })],
    ["a reviewer without a name, not even null", withFirst({ name: undefined })],
    ["a reviewer's name in no language", withFirst({ name: {} })],
    ["a recipient of the classic kind", withFirst({ recipient: { key: "age1" + "q".repeat(58), lastDay: Day } })],
    ["a recipient in capitals", withFirst({ recipient: { key: first!.recipient.key.toUpperCase(), lastDay: Day } })],
    ["a recipient whose checksum does not fit", withFirst({ recipient: { key: first!.recipient.key.slice(0, -1) + (first!.recipient.key.endsWith("q") ? "p" : "q"), lastDay: Day } })],
    ["a recipient that nobody can be sealed to", withFirst({ recipient: { key: writeRecipient(unusable), lastDay: Day } })],
    ["a signing key of small order", withFirst({ signingKey: publicKeyFromBytes(new Uint8Array(32)).text })],
    ["a signing key with another key number", withFirst({ signingKey: base64(concat(utf8("Ed"), new Uint8Array(8), publicKeyOf(seedOf(60)))) })],
    ["no name", { name: {} }],
    ["a name that is no text", { name: { en: 1 } }],
    ["a day that does not exist", { issued: "2026-02-29" }],
    ["a day in the year 0", { issued: "0000-01-01" }],
    ["a day with a time", { issued: Day + "T00:00:00Z" }],
    ["expires before it is issued", { expires: addDays(Day, -1) }],
    ["shardBits of 17", { shardBits: 17 }],
    ["an unknown kind of channel", { channels: [{ kind: "pigeon", value: "x", label }] }],
    ["two categories of one id", { form: { categories: [{ id: "a", label }, { id: "a", label }], questions: [] } }],
    ["two questions of one id", { form: { categories: [], questions: [{ id: "a", label, required: true }, { id: "a", label, required: false }] } }],
    ["a question that is neither required nor not", { form: { categories: [], questions: [{ id: "a", label, required: 1 }] } }],
    ["requires that is no list", { requires: null }],
    ["requires that holds no texts", { requires: [1] }],
    ["a former reviewer without a last day", { former: [{ name: null, signingKey: keyText(seedOf(1)) }] }],
  ];
  for (const [what, change] of wrong) add(`a rule: ${what}`, answerOf(drop, { ...roster, ...change }), { check: "roster.json" });
  for (const name of Object.keys(roster)) add(`a rule: without ${name}`, answerOf(drop, { ...roster, [name]: undefined }), { check: "roster.json" });
  add("an unknown requirement", answerOf(drop, { ...roster, requires: ["threshold"] }), { check: "requires" });
  add("an unknown requirement, and reviewers of a form to come", answerOf(drop, { ...roster, requires: ["threshold"], reviewers: "later" }), { check: "requires" });
  add("an unknown requirement, signed by another", answerOf({ ...drop, dropSeed: seedOf(1) }, { ...roster, requires: ["threshold"] }), { check: "key number" });
}
