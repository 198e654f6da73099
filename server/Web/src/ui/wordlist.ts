/** A word as the lists spell it: one Unicode form, lower case, no spaces. */
export function normalWord(text: string): string {
  return text.normalize("NFKC").trim().toLowerCase();
}

/**
 * The words in a text that may hold several: pasted, dictated, or Chinese words typed without spaces. Numbers and
 * signs between them ("1. abandon, 2. …") fall away.
 */
export function splitWords(text: string): string[] {
  return (normalWord(text).match(/\p{Script=Han}|[\p{L}\p{M}]+/gu) ?? []).filter((word) => word !== "");
}

/** Words that begin as typed, at most `most`; none for what is a whole word with nothing after it. */
export function suggest(typed: string, lists: readonly (readonly string[])[], most: number): string[] {
  const start = normalWord(typed);
  // One letter fits hundreds; Chinese words are one character each and need no completing.
  if (start.length < 2) return [];
  const found = lists.flatMap((list) => list.filter((word) => word.startsWith(start)));
  return found.length === 1 && found[0] === start ? [] : found.slice(0, most);
}

/** The one word that can be meant: the word itself, else the only one that begins so; otherwise what was typed. */
export function complete(typed: string, lists: readonly (readonly string[])[]): string {
  const start = normalWord(typed);
  if (start === "" || lists.some((list) => list.includes(start))) return start;
  const found = lists.flatMap((list) => list.filter((word) => word.startsWith(start)));
  return found.length === 1 && found[0] !== undefined ? found[0] : start;
}
