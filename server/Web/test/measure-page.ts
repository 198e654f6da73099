import { deriveKeys } from "../src/codename/keys.ts";
import { generateCodename } from "../src/codename/words.ts";
import { parsePublicKey } from "../src/minisign/key.ts";
import { sealReport } from "../src/report/seal.ts";
import { verifyRoster } from "../src/roster/verify.ts";
import type { ReportDraft } from "../src/types.ts";
import { answerOf, testDrop } from "./drop.ts";

// What `measure.mjs` runs in a browser: the page's own modules, from a draft to sealed bytes.

async function timed(rounds: number, run: () => Promise<unknown>): Promise<number> {
  const times: number[] = [];
  for (let round = 0; round < rounds; round++) {
    const begun = performance.now();
    await run();
    times.push(performance.now() - begun);
  }
  return times.sort((a, b) => a - b)[rounds >> 1]!;
}

async function measure(): Promise<Record<string, number>> {
  const result: Record<string, number> = {};
  for (const reviewers of [1, 3]) {
    const drop = await testDrop({ reviewers });
    const answer = answerOf(drop, drop.roster);
    result[`verify a roster of ${reviewers}`] = await timed(5, () => verifyRoster(answer, null, drop.day));
    const view = await verifyRoster(answer, null, drop.day);
    const dropKey = parsePublicKey(view.dropKeyText)!;
    const keys = await deriveKeys(generateCodename(), dropKey);
    const draft: ReportDraft = {
      category: null, answers: {}, message: "What happened at the works. ".repeat(70), contact: null, reward: false, language: "en", files: [],
    };
    const seal = (message: string) => async (): Promise<void> => {
      const { chunks } = await sealReport("report", { ...draft, message }, view, keys, []);
      for await (const _ of chunks);
    };
    result[`seal and sign 2 KB of text to ${reviewers}`] = await timed(9, seal(draft.message));
    result[`seal and sign 60 KB of text to ${reviewers}`] = await timed(5, seal("x".repeat(60_000)));
    result["keys of a codename"] = await timed(5, () => deriveKeys(generateCodename(), dropKey));
  }
  return result;
}

Object.assign(globalThis, { measure });
