import type { DropView, Texts as RosterTexts } from "../types.ts";
import { pick } from "../locales/index.ts";
import type { App } from "./app.ts";

/**
 * A foreign text inside a sentence. Marks that open or close an embedding are left out: one that closes it would end the
 * isolation too, and the next turn the sentence around. One that runs from right to left is isolated.
 */
export function isolate(text: string): string {
  const plain = text.replace(/[\u202a-\u202e\u2066-\u2069]/g, "");
  return /[\u0590-\u08ff\u200e\u200f\ufb1d-\ufefc]/.test(plain) ? `\u2068${plain}\u2069` : plain;
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
  if (able.length === 0) return start.readersNone;
  return missing.length === 0
    ? start.readers(able.length, list(able))
    : start.readersSome(able.length, able.length + missing.length, list(able), list(missing));
}
