import { parseDay } from "../days.ts";
import type { Texts } from "../types.ts";
import { type Json, JsonError, type JsonObject } from "./strict.ts";

/** A member that must be there and have this type. Each throws `JsonError` naming it. */
const required = <T extends Json>(what: string, test: (value: Json) => value is T) =>
  (object: JsonObject, name: string): T => {
    const value = object.get(name);
    if (value === undefined || !test(value)) throw new JsonError(`"${name}" must be ${what}`);
    return value;
  };

const isText = (value: Json): value is string => typeof value === "string";
const isObject = (value: Json): value is JsonObject => value instanceof Map;

export const text = required("a text", isText);
export const integer = required("an integer", (value): value is number => typeof value === "number");
export const boolean = required("true or false", (value): value is boolean => typeof value === "boolean");
export const textOrNull = required("a text or null", (value): value is string | null => value === null || isText(value));
export const object = required("an object", isObject);
export const array = required("an array", (value): value is readonly Json[] => Array.isArray(value));
export const day = required("a day", (value): value is string => isText(value) && parseDay(value) !== null);
export const hexText = (sizeInBytes: number) =>
  required(`${sizeInBytes} bytes in lower-case hex`, (value): value is string =>
    isText(value) && value.length === 2 * sizeInBytes && /^[0-9a-f]*$/.test(value));

export function asObject(value: Json): JsonObject {
  if (!isObject(value)) throw new JsonError("not an object");
  return value;
}

/** More entries than any list of a statement needs. */
const MaximumEntries = 1000;

function list(from: JsonObject, name: string): readonly Json[] {
  const values = array(from, name);
  if (values.length > MaximumEntries) throw new JsonError(`"${name}" has more than ${MaximumEntries} entries`);
  return values;
}

export const objects = (from: JsonObject, name: string): JsonObject[] => list(from, name).map(asObject);

export function textArray(from: JsonObject, name: string): string[] {
  return list(from, name).map((value) => {
    if (!isText(value)) throw new JsonError(`"${name}" must hold texts`);
    return value;
  });
}

/** Texts per language, at least one. Without a prototype, so that no language tag reaches `Object.prototype`. */
export function texts(from: JsonObject, name: string): Texts {
  const result: Record<string, string> = Object.create(null);
  const given = object(from, name);
  if (given.size === 0) throw new JsonError(`"${name}" has no text in any language`);
  for (const [language, value] of given) {
    if (!isText(value)) throw new JsonError(`"${name}" must hold a text per language`);
    result[language] = value;
  }
  return result;
}

export const textsOrNull = (from: JsonObject, name: string): Texts | null =>
  from.get(name) === null ? null : texts(from, name);

/** The format's name must be this one: a reader never guesses at another. */
export function format(from: JsonObject, expected: string): void {
  if (text(from, "format") !== expected) throw new JsonError(`"format" must be ${expected}`);
}
