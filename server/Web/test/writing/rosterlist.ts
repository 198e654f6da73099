import { publicKeyOf } from "../../src/minisign/ed25519.ts";
import { publicKeyFromBytes } from "../../src/minisign/key.ts";
import type { RosterAnswer, SignedText } from "../../src/roster/parse.ts";
import type { TestDrop } from "../drop.ts";

export const Day = "2026-11-24";

export interface Chosen { reviewer: number; key: string; from: "roster" | "statement" }
export interface Outcome { check?: string; recipients?: readonly Chosen[]; missing?: readonly number[]; link?: string | null; day?: string }

/** Adds a vector: what it is, the answer (its text, where that is what is wrong), and what a source makes of it. */
export type Add = (what: string, answer: RosterAnswer | string, outcome: Outcome) => void;

export const keyText = (seed: Uint8Array): string => publicKeyFromBytes(publicKeyOf(seed)).text;

/** Everybody with the roster's own recipient. */
export const rosterOwn = (drop: TestDrop): Chosen[] => drop.roster.reviewers.map(({ recipient }, reviewer) => ({ reviewer, key: recipient.key, from: "roster" }));

/** A signed roster as an answer names its two parts. */
export const renamed = ({ statement, signature }: SignedText): { roster: string; signature: string } => ({ roster: statement, signature });
