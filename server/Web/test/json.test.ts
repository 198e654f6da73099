import assert from "node:assert/strict";
import test from "node:test";
import { concat, fromHex, utf8 } from "../src/bytes.ts";
import { parseDay } from "../src/days.ts";
import { isWellFormed, JsonError, type JsonObject, parseStrict, toWellFormed } from "../src/json/strict.ts";

test("ParseStrict_ProperJson_SameAsTheEngine", () => {
  const plain = (value: unknown): unknown =>
    value instanceof Map ? Object.fromEntries([...value].map(([name, item]) => [name, plain(item)])) : Array.isArray(value) ? value.map(plain) : value;
  for (const text of ['{"a":[1,2,{"b":null}],"c":true,"d":"\\u00e9\\n\\ud83d\\ude00"}', "[]", " {\t}\r\n", "0", '"x"', "9007199254740991", '{"":{"":[]}}', '"\u{1F600}"']) {
    assert.deepEqual(plain(parseStrict(text)), JSON.parse(text));
  }
});

test("ParseStrict_BadSpelling_IsRefused", () => {
  const bad = [
    '{"a":1,"a":2}', '{"x":{"a":1,"\\u0061":2}}', '[{"a":1,"a":1}]', "01", "-1", "1.0", "1e3", "9007199254740992", "1E3", "+1",
    '"\\ud800"', '"\\udc00\\ud800"', '"\\ud800x"', '{"a":1,}', "[1,]", "[1 2]", "{a:1}", "'a'", '"\n"', '"\\x41"', "nul", "NaN", "", " ", "[", "{}{}",
    "\ufeff{}", "[1]//", '"\u0000"', "[".repeat(40) + "]".repeat(40), '{"a" 1}', "[,]", "tru", '{"\\ud800":1}',
  ];
  for (const text of bad) assert.throws(() => parseStrict(text), JsonError, text);
  const invalid = ["22ff22", "22c080" + "22", "22eda08022", "22f490808022", "efbbbf7b7d"];
  for (const bytes of invalid) assert.throws(() => parseStrict(fromHex(bytes)), JsonError, bytes);
});

test("ParseStrict_Nested_32LevelsAndNoMore", () => {
  const nested = (levels: number, inner: string): string => "[".repeat(levels) + inner + "]".repeat(levels);
  for (const inner of ["", "1", '"x"']) {
    parseStrict(nested(32, inner));
    assert.throws(() => parseStrict(nested(33, inner)), JsonError, inner);
  }
  assert.throws(() => parseStrict('{"a":' + nested(32, "") + "}"), JsonError);
});

test("ParseDay_NoSuchDay_IsNone", () => {
  assert.equal(parseDay("1970-01-02"), 1);
  assert.notEqual(parseDay("0001-01-01"), null);
  for (const text of ["0000-01-01", "2026-02-29", "2026-1-1", "2026-11-24 ", "+02026-11-24", "２０２６-11-24", ""]) assert.equal(parseDay(text), null, text);
});

test("ParseStrict_PrototypeName_IsAMemberLikeAnyOther", () => {
  const root = parseStrict('{"__proto__":{"x":1}}') as JsonObject;
  assert.equal((root.get("__proto__") as JsonObject).get("x"), 1);
  assert.equal(({} as Record<string, unknown>)["x"], undefined);
});

test("ParseStrict_LongText_IsRead", () => {
  const long = "长".repeat(1_000_000);
  assert.equal(parseStrict(concat(utf8('"'), utf8(long), utf8('"'))), long);
});

test("ToWellFormed_LoneSurrogates_BecomeReplacements", () => {
  assert.equal(toWellFormed("a\ud800b\udc00\ud83d\ude00"), "a\ufffdb\ufffd\u{1F600}");
  assert.equal(isWellFormed("\u{1F600}"), true);
  assert.equal(isWellFormed("\ude00\ud83d"), false);
});
