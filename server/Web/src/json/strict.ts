import { fromUtf8 } from "../bytes.ts";

export type Json = null | boolean | number | string | readonly Json[] | JsonObject;
/** Members by name; a Map, so that `__proto__` is a name like any other. */
export type JsonObject = ReadonlyMap<string, Json>;

/** Bad JSON: an attacker's bytes, never a caller's mistake. */
export class JsonError extends Error {}

/** Objects and arrays within one another: more than any format here has; bounds the stack. */
const MaximumDepth = 32;

/**
 * Parses JSON by the protocol's spelling rules: UTF-8 without byte order mark, no duplicate member name at any depth
 * (after unescaping), no lone surrogate, integers of digits only, from 0 to 2^53 - 1. Throws `JsonError`.
 */
export function parseStrict(input: Uint8Array | string): Json {
  let text: string;
  try {
    text = typeof input === "string" ? input : fromUtf8(input);
  } catch {
    throw new JsonError("not UTF-8");
  }
  return new Parser(text).document();
}

class Parser {
  readonly #text: string;
  #at = 0;

  constructor(text: string) {
    this.#text = text;
  }

  document(): Json {
    const value = this.#value(0);
    this.#space();
    if (this.#at !== this.#text.length) throw new JsonError("something after the end");
    return value;
  }

  #space(): void {
    while (" \t\n\r".includes(this.#text[this.#at] ?? "x")) this.#at++;
  }

  #take(token: string): boolean {
    if (!this.#text.startsWith(token, this.#at)) return false;
    this.#at += token.length;
    return true;
  }

  #value(depth: number): Json {
    this.#space();
    const first = this.#text[this.#at];
    if (first === '"') return this.#string();
    if (depth === MaximumDepth && (first === "{" || first === "[")) throw new JsonError("too deep");
    if (first === "{") return this.#object(depth);
    if (first === "[") return this.#array(depth);
    if (this.#take("null")) return null;
    if (this.#take("true")) return true;
    if (this.#take("false")) return false;
    return this.#integer();
  }

  #integer(): number {
    const match = /(0|[1-9]\d*)(?![\d.eE])/y;
    match.lastIndex = this.#at;
    const digits = match.exec(this.#text)?.[0];
    const value = Number(digits);
    if (digits === undefined || !Number.isSafeInteger(value)) throw new JsonError("not an integer from 0 to 2^53 - 1");
    this.#at += digits.length;
    return value;
  }

  #string(): string {
    const start = this.#at;
    const literal = /"(?:[^"\\\u0000-\u001f]|\\["\\/bfnrt]|\\u[0-9a-fA-F]{4})*"/y;
    literal.lastIndex = start;
    let found: string | undefined;
    try {
      found = literal.exec(this.#text)?.[0];
    } catch {
      throw new JsonError("a string is too long"); // the engine's regular expression stack
    }
    if (found === undefined) throw new JsonError("not a string");
    this.#at += found.length;
    const value = JSON.parse(found) as string;
    if (!isWellFormed(value)) throw new JsonError("a lone surrogate");
    return value;
  }

  #array(depth: number): Json[] {
    const items: Json[] = [];
    this.#at++;
    this.#space();
    if (this.#take("]")) return items;
    for (;;) {
      items.push(this.#value(depth + 1));
      this.#space();
      if (this.#take("]")) return items;
      if (!this.#take(",")) throw new JsonError("no comma between items");
    }
  }

  #object(depth: number): JsonObject {
    const members = new Map<string, Json>();
    this.#at++;
    this.#space();
    if (this.#take("}")) return members;
    for (;;) {
      this.#space();
      const name = this.#string();
      // Two readers that disagree on which of two members counts are an attack on whoever trusts the other one.
      if (members.has(name)) throw new JsonError("a member name twice");
      this.#space();
      if (!this.#take(":")) throw new JsonError("no colon after a name");
      members.set(name, this.#value(depth + 1));
      this.#space();
      if (this.#take("}")) return members;
      if (!this.#take(",")) throw new JsonError("no comma between members");
    }
  }
}

/** `String.prototype.isWellFormed`, which Safari 16.4 to 17 lacks in part. */
export function isWellFormed(text: string): boolean {
  return !/[\uD800-\uDBFF](?![\uDC00-\uDFFF])|(?<![\uD800-\uDBFF])[\uDC00-\uDFFF]/.test(text);
}

/** Lone surrogates, which survive JSON.stringify and break every strict reader, become U+FFFD. */
export function toWellFormed(text: string): string {
  return text.replace(/[\uD800-\uDBFF](?![\uDC00-\uDFFF])|(?<![\uD800-\uDBFF])[\uDC00-\uDFFF]/g, "\uFFFD");
}
