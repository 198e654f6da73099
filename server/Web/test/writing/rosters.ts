import { writeRecipient } from "../../src/age/bech32.ts";
import { base64, concat, utf8 } from "../../src/bytes.ts";
import { publicKeyOf, sign } from "../../src/minisign/ed25519.ts";
import { publicKeyFromBytes } from "../../src/minisign/key.ts";
import { signStatement } from "../../src/minisign/statement.ts";
import type { RosterAnswer, SignedText } from "../../src/roster/parse.ts";
import { addDays, answerOf, seedOf, signed, testDrop, type TestDrop } from "../drop.ts";
import { testIdentity } from "../identity.ts";

const Day = "2026-11-24";

interface Chosen { reviewer: number; key: string; from: "roster" | "statement" }
interface Outcome { check?: string; recipients?: readonly Chosen[]; missing?: readonly number[]; link?: string | null; day?: string }

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

type Add = (what: string, answer: RosterAnswer | string, outcome: Outcome) => void;

const keyText = (seed: Uint8Array): string => publicKeyFromBytes(publicKeyOf(seed)).text;
const rosterOwn = (drop: TestDrop): Chosen[] => drop.roster.reviewers.map(({ recipient }, reviewer) => ({ reviewer, key: recipient.key, from: "roster" }));

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

const renamed = ({ statement, signature }: SignedText): { roster: string; signature: string } => ({ roster: statement, signature });

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

function addJson(drop: TestDrop, add: Add): void {
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

async function addRules(drop: TestDrop, add: Add): Promise<void> {
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

async function addStatements(drop: TestDrop, add: Add): Promise<void> {
  const answer = answerOf(drop, drop.roster);
  const keys = await Promise.all([101, 102, 103].map(async (byte) => (await testIdentity(byte)).recipient));
  const make = (change: Record<string, unknown> = {}, recipient: Record<string, unknown> = {}, reviewer = 0): string =>
    JSON.stringify({
      format: "securedrop-recipient/1", dropKey: drop.roster.dropKey, signingKey: drop.roster.reviewers[reviewer]!.signingKey, serial: 5,
      recipient: { key: keys[0], firstDay: Day, lastDay: addDays(Day, 6), ...recipient }, ...change,
    });
  const by = (statement: string, reviewer = 0): SignedText => signed("recipient", statement, drop.reviewers[reviewer]!.signingSeed);
  const chosen = (key: string): Chosen[] => rosterOwn(drop).map((one) => (one.reviewer === 0 ? { ...one, key, from: "statement" } : one));
  const good = by(make());
  const [first, second, third] = keys as [string, string, string];
  const taken = (what: string, recipients: SignedText[], key = first, day = Day): void =>
    add(`a statement: ${what}`, { ...answer, recipients }, { recipients: chosen(key), day });

  taken("taken", [good]);
  taken("on its last day", [good], first, addDays(Day, 6));
  taken("of 31 days, on the first", [by(make({}, { lastDay: addDays(Day, 30) }))]);
  taken("of 31 days, on the last", [by(make({}, { firstDay: addDays(Day, -30), lastDay: Day }))]);
  taken("of one day", [by(make({}, { lastDay: Day }))]);
  taken("the highest serial, listed first", [by(make({ serial: 9 }, { key: second })), good], second);
  taken("the highest serial, listed last", [good, by(make({ serial: 9 }, { key: second }))], second);
  taken("of two with one serial, the first listed", [good, by(make({}, { key: second }))]);
  taken("the highest serial of those that include the day", [by(make({ serial: 9 }, { key: second, firstDay: addDays(Day, 1) })), good, by(make({ serial: 1 }, { key: third }))]);
  taken("the largest serial there is", [good, by(make({ serial: Number.MAX_SAFE_INTEGER }, { key: second }))], second);
  taken("with members that nobody knows", [by(make({ later: [1, { a: 1 }] }))]);
  taken("with a comment that anybody may change", [{ ...good, signature: good.signature.replace("securedrop/1\n", "x\n") }]);

  add("a statement of each reviewer, in another order", { ...answer, recipients: [by(make({}, { key: second }, 1), 1), good] }, {
    recipients: [first, second].map((key, reviewer) => ({ reviewer, key, from: "statement" })),
  });
  add("a statement after the roster's own recipients ended", { ...answer, recipients: [by(make({}, { firstDay: addDays(Day, 15), lastDay: addDays(Day, 21) }))] }, {
    day: addDays(Day, 20), recipients: [{ reviewer: 0, key: first, from: "statement" }], missing: [1],
  });
  add("a statement does not open a roster that expired", { ...answer, recipients: [by(make({}, { firstDay: addDays(Day, 90), lastDay: addDays(Day, 100) }))] }, {
    day: addDays(Day, 91), check: "closed",
  });

  const unusable = (await testIdentity(9)).keys.publicKey.slice();
  unusable.set([0xff, 0xff, 0xff], 300);
  const passedOver: [string, SignedText][] = [
    ["before its first day", by(make({}, { firstDay: addDays(Day, 1) }))],
    ["after its last day", by(make({}, { firstDay: addDays(Day, -7), lastDay: addDays(Day, -1) }))],
    ["of 32 days", by(make({}, { lastDay: addDays(Day, 31) }))],
    ["that ends before it begins", by(make({}, { firstDay: addDays(Day, 1), lastDay: addDays(Day, -1) }))],
    ["for another drop", by(make({ dropKey: keyText(seedOf(1)) }))],
    ["of somebody who is no reviewer", signed("recipient", make({ signingKey: keyText(seedOf(1)) }), seedOf(1))],
    ["of a former reviewer", signed("recipient", make({ signingKey: drop.roster.former[0]!.signingKey }), seedOf(90))],
    ["in the name of one reviewer by another", by(make(), 1)],
    ["signed by the drop key", signed("recipient", make(), drop.dropSeed)],
    ["signed by the session key", signed("recipient", make(), seedOf(70))],
    ["signed for another purpose", signed("reply", make(), drop.reviewers[0]!.signingSeed)],
    ["changed by a byte", { ...good, statement: good.statement.replace('"serial":5', '"serial":6') }],
    ["with a signature changed by a byte", { ...good, signature: good.signature.replace(/\n(.*)\n$/, (_, line: string) => `\n${line.startsWith("A") ? "B" : "A"}${line.slice(1)}\n`) }],
    ["without a signature", { ...good, signature: "" }],
    ["with a member twice", by(make().replace('"serial":5', '"serial":5,"serial":5'))],
    ["with a nested member twice", by(make().replace('"lastDay"', '"lastDay":"2026-11-24","lastDay"'))],
    ["without a serial", by(make({ serial: undefined }))],
    ["with a serial in a text", by(make({ serial: "5" }))],
    ["of a later format", by(make({ format: "securedrop-recipient/2" }))],
    ["of a successor's format", by(make({ format: "securedrop-successor/1" }))],
    ["with a recipient of the classic kind", by(make({}, { key: "age1" + "q".repeat(58) }))],
    ["with a recipient that nobody can be sealed to", by(make({}, { key: writeRecipient(unusable) }))],
    ["with a recipient that is an identity", by(make({}, { key: (await testIdentity(9)).text }))],
    ["without a last day", by(make({}, { lastDay: undefined }))],
    ["that is no JSON", by("{")],
    ["that is empty", by("")],
  ];
  for (const [what, bad] of passedOver) {
    add(`a statement ${what} is passed over`, { ...answer, recipients: [bad] }, {});
    // With a lower serial, so that only the bad one's failing lets it count.
    add(`a statement ${what} spoils no other`, { ...answer, recipients: [bad, by(make({ serial: 1 }, { key: third }))] }, { recipients: chosen(third) });
  }
}

function addChains(drop: TestDrop, add: Add): void {
  const seeds = [drop.dropSeed, seedOf(51), seedOf(52), seedOf(53)] as const;
  const [a, b, c, d] = seeds;
  const step = (from: Uint8Array, to: Uint8Array, by = from, change: Record<string, unknown> = {}): SignedText =>
    signed("successor", JSON.stringify({ format: "securedrop-successor/1", from: keyText(from), to: keyText(to), ...change }), by);
  const signedBy = (seed: Uint8Array, successors: SignedText[], roster: unknown = drop.roster): RosterAnswer => ({ ...answerOf({ ...drop, dropSeed: seed }, roster), successors });
  const good = signedBy(c, [step(a, b), step(b, c)]);
  for (const [name, seed] of [["first", a], ["second", b], ["last", c]] as const) add(`a chain of three, the ${name} key in the link`, good, { link: keyText(seed) });
  add("a chain of three, no link", good, { link: null });
  add("a chain of three, a key in the link that does not stand in it", good, { link: keyText(d), check: "link" });
  add("a successor with members that nobody knows", signedBy(b, [step(a, b, a, { later: {} })]), {});
  add("a chain, the roster signed by a key that was replaced", signedBy(b, [step(a, b), step(b, c)]), { check: "key number" });
  add("a chain cut short", { ...good, successors: good.successors.slice(0, 1) }, { check: "key number" });
  add("a chain left out", { ...good, successors: [] }, { check: "key number" });
  const wrong: [string, SignedText[]][] = [
    ["in the wrong order", [step(b, c), step(a, b)]],
    ["with a step left out", [step(b, c)]],
    ["with a step twice", [step(a, b), step(a, b), step(b, c)]],
    ["that comes back to the first key", [step(a, b), step(b, a)]],
    ["that comes back to a later key", [step(a, b), step(b, c), step(c, b)]],
    ["that stays where it is", [step(a, a)]],
    ["with a step by another key", [step(a, b, d), step(b, c)]],
    ["with a step by the key that comes", [step(a, b, b), step(b, c)]],
    ["with a step changed by a byte", [{ ...step(a, b), statement: step(a, b).statement + " " }, step(b, c)]],
    ["with a step signed for another purpose", [signed("roster", step(a, b).statement, a), step(b, c)]],
    ["with a step without signature", [{ ...step(a, b), signature: "" }, step(b, c)]],
    ["with a step to a key of small order", [step(a, b, a, { to: publicKeyFromBytes(new Uint8Array(32)).text })]],
    ["with a step of another format", [step(a, b, a, { format: "securedrop-successor/2" }), step(b, c)]],
    ["with a step that names its end twice", [signed("successor", step(a, b).statement.replace('"to"', '"to":"","to"'), a), step(b, c)]],
    ["with a step that is no JSON", [signed("successor", "", a)]],
  ];
  for (const [what, successors] of wrong) add(`a chain ${what}`, signedBy(c, successors), { check: "successor" });
  const many = Array.from({ length: 66 }, (_, index) => (index === 0 ? a : new Uint8Array(32).fill(1).fill(index, 0, 1)));
  const steps = many.slice(1).map((to, index) => step(many[index]!, to));
  add("a chain of 64 steps", signedBy(many[64]!, steps.slice(0, 64)), {});
  add("a chain of 65 steps", signedBy(many[65]!, steps), { check: "successor" });
  add("a false first key before the chain", { ...signedBy(b, [step(d, a), step(a, b)]), dropKey: keyText(d) }, { check: "dropKey" });
}
