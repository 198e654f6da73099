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

/** One thing measured: milliseconds of each round. */
export interface Figure {
  readonly name: string;
  readonly milliseconds: readonly number[];
  readonly targetInMilliseconds?: number;
  /** What the stock library took in the same rounds, one after the other. */
  readonly peer?: readonly number[];
}

const Rounds = 9;

async function time(run: () => Promise<unknown>): Promise<number> {
  const begun = performance.now();
  await run();
  return performance.now() - begun;
}

/** In turns, so that whatever else the machine does falls on both. */
async function measureOne(name: string, run: () => Promise<unknown>, peer?: () => Promise<unknown>): Promise<Figure> {
  const [own, others]: [number[], number[]] = [[], []];
  for (let round = 0; round < Rounds; round++) {
    own.push(await time(run));
    if (peer) others.push(await time(peer));
  }
  return { name, milliseconds: own, ...(peer && { peer: others }) };
}

function stock(view: DropView, sizeInBytes: number): () => Promise<unknown> {
  return () => {
    const encrypter = new typage.Encrypter();
    for (const { key } of view.recipients) encrypter.addRecipient(key);
    return encrypter.encrypt(new Uint8Array(sizeInBytes));
  };
}

async function measure(): Promise<Figure[]> {
  const figures: Figure[] = [];
  for (const reviewers of [1, 3]) {
    const drop = await testDrop({ reviewers });
    const answer = answerOf(drop, drop.roster);
    figures.push(await measureOne(`verify a roster of ${reviewers}`, () => verifyRoster(answer, null, drop.day)));
    const view = await verifyRoster(answer, null, drop.day);
    const dropKey = parsePublicKey(view.dropKeyText)!;
    const keys = await deriveKeys(generateCodename(), dropKey);
    const draft: ReportDraft = {
      category: null, answers: {}, message: "What happened at the works. ".repeat(70), contact: null, reward: false, language: "en", files: [],
    };
    const text = (message: string) => sealReport("report", { ...draft, message }, view, keys, []);
    const seal = (message: string) => async (): Promise<void> => {
      for await (const _ of (await text(message)).chunks);
    };
    const { plaintextSizeInBytes } = await text(draft.message);
    const sealing = await measureOne(`seal and sign 2 KB of text to ${reviewers}`, seal(draft.message), stock(view, plaintextSizeInBytes));
    figures.push(reviewers === 3 ? { ...sealing, targetInMilliseconds: 150 } : sealing);
    figures.push(await measureOne(`seal and sign 60 KB of text to ${reviewers}`, seal("x".repeat(60_000))));
    if (reviewers === 1) figures.push(await measureOne("keys of a codename", () => deriveKeys(generateCodename(), dropKey)));
  }
  return figures;
}

Object.assign(globalThis, { measure });
