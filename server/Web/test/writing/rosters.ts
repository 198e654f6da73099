import { base64, concat, utf8 } from "../../src/bytes.ts";
import { publicKeyOf, sign } from "../../src/minisign/ed25519.ts";
import { publicKeyFromBytes } from "../../src/minisign/key.ts";
import { signStatement } from "../../src/minisign/statement.ts";
import type { RosterAnswer } from "../../src/roster/parse.ts";
import { addDays, answerOf, seedOf, signed, testDrop, type TestDrop } from "../drop.ts";
import { addChains } from "./chains.ts";
import { type Add, Day, keyText, type Outcome, renamed, rosterOwn } from "./rosterlist.ts";
import { addJson, addRules } from "./rosterrules.ts";
import { addStatements } from "./statements.ts";

/** Answers of `GET /api/v1/roster`: who can be sealed to, or the check that fails. */
export async function rosterVectors(): Promise<unknown[]> {
  const drop = await testDrop({ day: Day, reviewers: 2 });
  const vectors: unknown[] = [];
  const add = (what: string, answer: RosterAnswer | string, outcome: Outcome): void => {
    const { check = null, link = drop.roster.dropKey, day = Day, recipients = rosterOwn(drop), missing = [] } = outcome;
    vectors.push({ what, link, day, ...(typeof answer === "string" ? { answerText: answer } : { answer }), check, ...(check === null && { recipients, missing }) });
  };
  addRosters(drop, add);
  addAnswers(drop, add);
  addSignatures(drop, add);
  addJson(drop, add);
  await addRules(drop, add);
  await addStatements(drop, add);
  addChains(drop, add);
  return vectors;
}

function addRosters(drop: TestDrop, add: Add): void {
  const { roster } = drop;
  add("two reviewers", answerOf(drop, roster), {});
  add("no key in the link", answerOf(drop, roster), { link: null });
  add("the last day of its recipients", answerOf(drop, roster), { day: addDays(Day, 14) });
  add("a day before it was issued", answerOf(drop, roster), { day: addDays(Day, -1) });
  add("all recipients ended", answerOf(drop, roster), { day: addDays(Day, 15), check: "closed" });
  add("expired", answerOf(drop, { ...roster, reviewers: roster.reviewers.map((one) => ({ ...one, recipient: { ...one.recipient, lastDay: "2030-01-01" } })) }), { day: addDays(Day, 91), check: "closed" });
  add("the last day", answerOf(drop, { ...roster, reviewers: roster.reviewers.map((one) => ({ ...one, recipient: { ...one.recipient, lastDay: "2030-01-01" } })) }), { day: addDays(Day, 90) });
  add("one recipient ended", answerOf(drop, { ...roster, reviewers: roster.reviewers.map((one, index) => (index === 1 ? { ...one, recipient: { ...one.recipient, lastDay: Day } } : one)) }), {
    day: addDays(Day, 1), recipients: rosterOwn(drop).filter(({ reviewer }) => reviewer !== 1), missing: [1],
  });
  add("nameless reviewers", answerOf(drop, { ...roster, reviewers: roster.reviewers.map((one) => ({ ...one, name: null })) }), {});
  add("unknown members everywhere", answerOf(drop, { ...roster, later: { deep: [[[]]] }, form: { ...roster.form, more: 1 }, reviewers: roster.reviewers.map((one) => ({ ...one, more: null })) }), {});
  add("every kind of channel, a notice, categories", answerOf(drop, {
    ...roster,
    channels: ["telephone", "post", "email", "web", "other"].map((kind) => ({ kind, value: "\u202ex\u0007", label: { en: "L", "zh-Hans": "标" } })),
    notices: [{ day: Day, title: { en: "<b>" }, text: { en: "\n" } }],
    form: { categories: [{ id: "", label: { en: "A" } }, { id: "__proto__", label: { en: "B" } }], questions: [{ id: "", label: { en: "?" }, required: true }] },
    shardBits: 16, version: Number.MAX_SAFE_INTEGER,
  }), {});
  const odd = JSON.stringify(roster, null, "\t").replace('"format"', '"f\\u006frmat"').replace("Test drop", "\\ud83d\\ude00\\/").replaceAll("\n", "\r\n");
  add("the same in another spelling: white space, escapes", { ...answerOf(drop, roster), ...renamed(signed("roster", odd, drop.dropSeed)) }, {});
}

/** What goes wrong before a roster is looked at. */
function addAnswers(drop: TestDrop, add: Add): void {
  const answer = answerOf(drop, drop.roster);
  const text = JSON.stringify(answer);
  add("an answer that is a list", "[]", { check: "answer" });
  add("an answer that is not JSON", text.slice(0, -1), { check: "answer" });
  add("an answer with something after it", text + "0", { check: "answer" });
  add("an answer with a member twice", text.replace("{", '{"dropKey":"",'), { check: "answer" });
  add("an answer with a member twice, once escaped", text.replace("{", '{"dr\\u006fpKey":"",'), { check: "answer" });
  add("an answer with half of a surrogate pair", text.replace("{", '{"x":"\\udc00",'), { check: "answer" });
  for (const name of Object.keys(answer)) add(`an answer without ${name}`, JSON.stringify({ ...answer, [name]: undefined }), { check: "answer" });
  add("an answer whose recipients are an object", JSON.stringify({ ...answer, recipients: {} }), { check: "answer" });
  add("an answer whose successors are texts", JSON.stringify({ ...answer, successors: ["x"] }), { check: "answer" });
  add("an answer with a statement without signature", JSON.stringify({ ...answer, recipients: [{ statement: "x" }] }), { check: "answer" });
  add("an answer whose dropKey is no key", { ...answer, dropKey: "RW" }, { check: "answer" });
  add("an answer whose dropKey is of small order", { ...answer, dropKey: publicKeyFromBytes(new Uint8Array(32)).text }, { check: "answer" });
  add("another drop's link", answer, { link: keyText(seedOf(1)), check: "link" });
  add("another drop's key in the answer", { ...answer, dropKey: keyText(seedOf(1)) }, { check: "link" });
  add("another drop's key in the answer, no link", { ...answer, dropKey: keyText(seedOf(1)) }, { link: null, check: "key number" });
  add("another drop that presents this one's roster as its own", {
    ...answerOf({ ...drop, dropSeed: seedOf(1) }, drop.roster), dropKey: keyText(seedOf(1)),
  }, { link: keyText(seedOf(1)), check: "dropKey" });
}

function addSignatures(drop: TestDrop, add: Add): void {
  const answer = answerOf(drop, drop.roster);
  const bytes = utf8(answer.roster);
  const number = publicKeyFromBytes(publicKeyOf(drop.dropSeed)).number;
  const plain = sign(bytes, drop.dropSeed);
  const comment = "securedrop/1 roster";
  const legacy = `untrusted comment: x\n${base64(concat(utf8("Ed"), number, plain))}\ntrusted comment: ${comment}\n${base64(sign(concat(plain, utf8(comment)), drop.dropSeed))}\n`;
  add("a byte of the roster changed", { ...answer, roster: answer.roster.replace('"version":1', '"version":2') }, { check: "signature" });
  add("white space put into the roster", { ...answer, roster: answer.roster + "\n" }, { check: "signature" });
  add("no signature", { ...answer, signature: "" }, { check: "signature" });
  add("a signature without its last line feed", { ...answer, signature: answer.signature.slice(0, -1) }, { check: "signature" });
  add("another untrusted comment", { ...answer, signature: answer.signature.replace("securedrop/1\n", "anybody\n") }, {});
  add("another trusted comment", { ...answer, signature: answer.signature.replace("1 roster", "1 Roster") }, { check: "signature" });
  add("not prehashed", { ...answer, signature: legacy }, { check: "algorithm" });
  add("signed by a reviewer", { ...answer, signature: signStatement("roster", bytes, drop.reviewers[0]!.signingSeed) }, { check: "key number" });
  for (const purpose of ["recipient", "successor", "report", "reply", "session"] as const) {
    add(`signed for the purpose ${purpose}`, { ...answer, signature: signStatement(purpose, bytes, drop.dropSeed) }, { check: "purpose" });
  }
}
