import { en, type Texts } from "./en.ts";
import { zhHans } from "./zh-Hans.ts";

export type { Texts };
/** Tags as in the roster's texts per language. */
export type Language = "en" | "zh-Hans";

export const locales: Readonly<Record<Language, Texts>> = { en, "zh-Hans": zhHans };
export const languages: readonly Language[] = ["en", "zh-Hans"];

/** The first language the browser asks for that the page has. It is read here and never sent or kept. */
export function preferredLanguage(wanted: readonly string[]): Language {
  for (const tag of wanted) {
    if (/^zh\b/i.test(tag)) return "zh-Hans";
    if (/^en\b/i.test(tag)) return "en";
  }
  return "en";
}

/** A text of the roster in the reader's language, else in English, else in whichever it has, and its language. */
export function pick(texts: Readonly<Record<string, string>>, language: Language): { text: string; language: string } {
  for (const tag of [language, "en", ...Object.keys(texts)]) {
    // Own members only: a roster is free to name a language "constructor".
    if (Object.hasOwn(texts, tag)) return { text: texts[tag] ?? "", language: tag };
  }
  return { text: "", language };
}
