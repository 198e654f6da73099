import * as typage from "age-encryption";
import { deriveKeys } from "../src/codename/keys.ts";
import { generateCodename } from "../src/codename/words.ts";
import { parsePublicKey } from "../src/minisign/key.ts";
import { sealReport } from "../src/report/seal.ts";
import { verifyRoster } from "../src/roster/verify.ts";
import type { DropView, ReportDraft } from "../src/types.ts";
import { answerOf, testDrop } from "./drop.ts";

// What `measure.mjs` runs in a browser: the page's own modules, from a draft to sealed bytes, and beside them the stock
// library, which seals as many bytes to the same recipients but makes no archive and signs nothing.

interface Subject {
  readonly own: () => Promise<unknown>;
  readonly stock?: () => Promise<unknown>;
  /** At the Safer level. */
  readonly targetInMilliseconds?: number;
}

function stock(view: DropView, sizeInBytes: number): () => Promise<unknown> {
  return () => {
    const encrypter = new typage.Encrypter();
    for (const { key } of view.recipients) encrypter.addRecipient(key);
    return encrypter.encrypt(new Uint8Array(sizeInBytes));
  };
}

async function subjects(): Promise<Record<string, Subject>> {
  const result: Record<string, Subject> = {};
  for (const reviewers of [1, 3]) {
    const drop = await testDrop({ reviewers });
    const answer = answerOf(drop, drop.roster);
    const view = await verifyRoster(answer, null, drop.day);
    const dropKey = parsePublicKey(view.dropKeyText)!;
    const keys = await deriveKeys(generateCodename(), dropKey);
    const draft: ReportDraft = {
      category: null, answers: {}, message: "What happened at the works. ".repeat(70), contact: null, reward: false, language: "en", files: [],
    };
    const prepare = (message: string) => sealReport("report", { ...draft, message }, view, keys, []);
    const seal = (message: string) => async (): Promise<void> => {
      for await (const _ of (await prepare(message)).chunks);
    };
    const { plaintextSizeInBytes } = await prepare(draft.message);
    result[`verify a roster of ${reviewers}`] = { own: () => verifyRoster(answer, null, drop.day) };
    result[`seal and sign 2 KB of text to ${reviewers}`] = {
      own: seal(draft.message),
      stock: stock(view, plaintextSizeInBytes),
      ...(reviewers === 3 && { targetInMilliseconds: 150 }),
    };
    result[`seal and sign 60 KB of text to ${reviewers}`] = { own: seal("x".repeat(60_000)) };
    result["keys of a codename"] = { own: () => deriveKeys(generateCodename(), dropKey) };
  }
  return result;
}

let ready: Record<string, Subject> = {};

/** Makes the keys and texts; what there is to measure. */
async function prepare(): Promise<{ name: string; hasStock: boolean; targetInMilliseconds: number | null }[]> {
  ready = await subjects();
  return Object.entries(ready).map(([name, subject]) => ({
    name, hasStock: subject.stock !== undefined, targetInMilliseconds: subject.targetInMilliseconds ?? null,
  }));
}

/** Milliseconds of one round. */
async function round(name: string, which: "own" | "stock"): Promise<number> {
  const begun = performance.now();
  await ready[name]![which]!();
  return performance.now() - begun;
}

Object.assign(globalThis, { prepare, round });
