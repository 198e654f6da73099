import { writeRecipient } from "../../src/age/bech32.ts";
import type { SignedText } from "../../src/roster/parse.ts";
import { addDays, answerOf, seedOf, signed, type TestDrop } from "../drop.ts";
import { testIdentity } from "../identity.ts";
import { type Add, type Chosen, Day, keyText, rosterOwn } from "./rosterlist.ts";

/** Recipient statements: which one counts, and which are passed over and spoil no other. */
export async function addStatements(drop: TestDrop, add: Add): Promise<void> {
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
