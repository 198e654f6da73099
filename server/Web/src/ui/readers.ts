import type { DropView, Texts as RosterTexts } from "../types.ts";
import { pick } from "../locales/index.ts";
import type { App } from "./app.ts";

/**
 * A foreign text inside a sentence. One that runs from right to left, or holds marks that would turn the sentence
 * around, is isolated; others stay as they are.
 */
export function isolate(text: string): string {
  return /[\u0590-\u08ff\u200e\u200f\u202a-\u202e\u2066-\u2069\ufb1d-\ufefc]/.test(text) ? `\u2068${text}\u2069` : text;
}

export function reviewerName(app: App, name: RosterTexts | null): string {
  return name === null ? app.texts.start.unnamed : isolate(pick(name, app.state.language).text);
}

/** The names of reviewers by their index in the roster. */
export function reviewerNames(app: App, drop: DropView, indexes: readonly number[]): string[] {
  return indexes.map((index) => reviewerName(app, drop.roster.reviewers[index]?.name ?? null));
}

/** Who can read what is sealed now, in one sentence that also names who cannot. */
export function readersSentence(app: App, drop: DropView): string {
  const { start, list } = app.texts;
  const able = reviewerNames(
    app,
    drop,
    drop.recipients.map((one) => one.reviewer),
  );
  const missing = reviewerNames(app, drop, drop.missing);
  return missing.length === 0
    ? start.readers(able.length, list(able))
    : start.readersSome(able.length, able.length + missing.length, list(able), list(missing));
}
