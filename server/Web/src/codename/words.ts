import type { Codename, CodenameError, Language } from "../types.ts";

export function generateCodename(): Codename {
  throw new Error("not yet");
}
export function parseCodename(_text: string): Codename | CodenameError {
  throw new Error("not yet");
}
export function words(_codename: Codename, _language: Language): string[] {
  throw new Error("not yet");
}
export function wordList(_language: Language): readonly string[] {
  throw new Error("not yet");
}
