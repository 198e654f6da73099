import { utf8 } from "../src/bytes.ts";
import { today } from "../src/days.ts";
import { publicKeyOf } from "../src/minisign/ed25519.ts";
import { publicKeyFromBytes } from "../src/minisign/key.ts";
import { type Purpose, signStatement } from "../src/minisign/statement.ts";
import type { RosterAnswer, SignedText } from "../src/roster/parse.ts";
import { testIdentity } from "./identity.ts";
import type { Roster } from "../src/types.ts";

/** A drop of our own, whose every key the tests hold. */
export interface TestDrop {
  readonly day: string;
  readonly dropSeed: Uint8Array;
  readonly reviewers: readonly { signingSeed: Uint8Array; identity: Awaited<ReturnType<typeof testIdentity>> }[];
  readonly roster: Roster & { readonly format: string };
}

export const seedOf = (byte: number): Uint8Array => new Uint8Array(32).fill(byte);
const keyText = (seed: Uint8Array): string => publicKeyFromBytes(publicKeyOf(seed)).text;

export const addDays = (day: string, days: number): string =>
  new Date(Date.parse(day) + days * 86_400_000).toISOString().slice(0, 10);

export async function testDrop(options: { day?: string; reviewers?: number } = {}): Promise<TestDrop> {
  const day = options.day ?? today();
  const dropSeed = seedOf(50);
  const numbers = Array.from({ length: options.reviewers ?? 2 }, (_, index) => index);
  const reviewers = await Promise.all(
    numbers.map(async (index) => ({ signingSeed: seedOf(60 + index), identity: await testIdentity(80 + index) })),
  );
  const roster = {
    format: "securedrop-roster/1",
    requires: [],
    dropKey: keyText(dropSeed),
    name: { en: "Test drop", "zh-Hans": "测试" },
    version: 1,
    issued: day,
    expires: addDays(day, 90),
    origins: ["http://localhost:8080"],
    reviewers: reviewers.map(({ signingSeed, identity }, index) => ({
      name: { en: `Reviewer ${index + 1}` },
      signingKey: keyText(signingSeed),
      sessionKey: keyText(seedOf(70 + index)),
      recipient: { key: identity.recipient, lastDay: addDays(day, 14) },
    })),
    former: [{ name: { en: "Gone" }, signingKey: keyText(seedOf(90)), lastDay: addDays(day, -1) }],
    form: { categories: [], questions: [{ id: "when", label: { en: "When?" }, required: false }] },
    channels: [],
    notices: [],
    shardBits: 0,
  };
  return { day, dropSeed, reviewers, roster };
}

export const signed = (purpose: Purpose, statement: string, seed: Uint8Array): SignedText => ({
  statement,
  signature: signStatement(purpose, utf8(statement), seed),
});

export function answerOf(drop: TestDrop, roster: unknown): RosterAnswer {
  const { statement, signature } = signed("roster", JSON.stringify(roster), drop.dropSeed);
  return { dropKey: drop.roster.dropKey, successors: [], roster: statement, signature, recipients: [] };
}
