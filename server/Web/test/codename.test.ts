import assert from "node:assert/strict";
import test from "node:test";
import { entropyToMnemonic } from "@scure/bip39";
import { fromHex, hex, hmacKey } from "../src/bytes.ts";
import { deriveKeys } from "../src/codename/keys.ts";
import { generateCodename, parseCodename, wordList, words } from "../src/codename/words.ts";
import { parsePublicKey } from "../src/minisign/key.ts";
import { shardOf } from "../src/reply/shard.ts";
import type { Codename, Language } from "../src/types.ts";
import { identityKeys } from "./identity.ts";
import { foldersWith, vectorJson } from "./vectors.ts";


const good = (text: string): Codename => {
  const parsed = parseCodename(text);
  assert.ok("entropy" in parsed, JSON.stringify(parsed));
  return parsed;
};

for (const folder of foldersWith("codenames.json")) test(`Codename_${folder}Vectors_SameEntropyKeysAndShards`, async () => {
  const vectors = vectorJson(folder + "codenames.json");
  assert.ok(vectors.valid.length > 0);
  assert.ok(vectors.refused.length > 0);
  for (const vector of vectors.refused) {
    // The independent implementation's say no class.
    const { words: text, check, index } = typeof vector === "string" ? { words: vector } : vector;
    const parsed = parseCodename(text);
    assert.ok("error" in parsed, text);
    if (check) assert.deepEqual([parsed.error, parsed.index], [check, index], vector.what);
  }
  for (const { what, typed, entropy } of vectors.typed ?? []) {
    const parsed = parseCodename(typed);
    assert.ok("entropy" in parsed, `${what}: ${JSON.stringify(parsed)}`);
    assert.equal(hex(parsed.entropy), entropy, what);
  }
  for (const vector of vectors.valid) {
    const codename = good(vector.words);
    assert.equal(hex(codename.entropy), vector.entropy);
    assert.deepEqual(words(codename, vector.language as Language), vector.words.split(" "));
    const keys = await deriveKeys(codename, parsePublicKey(vector.dropKey)!);
    assert.equal(keys.recipient, vector.recipient);
    assert.deepEqual(keys.identity, await identityKeys(vector.identity));
    assert.equal(keys.signingKey.text, vector.signingKey);
    assert.equal(hex(keys.tag), vector.tagKey);
    const tagKey = await hmacKey(keys.tag);
    for (const [bits, shard] of Object.entries(vector.shards)) assert.equal(await shardOf(tagKey, Number(bits)), shard);
    assert.equal(await shardOf(tagKey, 0), 0);
  }
});

test("ParseCodename_Refused_SaysWhy", () => {
  const eleven = "abandon ".repeat(11);
  assert.deepEqual(parseCodename(eleven), { error: "count" });
  assert.deepEqual(parseCodename(" ".repeat(4096 - 92) + eleven + "about"), { error: "count" });
  assert.deepEqual(parseCodename(eleven + "abandon"), { error: "checksum" });
  assert.deepEqual(parseCodename(eleven + "aboot"), { error: "word", word: "aboot", index: 11 });
  assert.deepEqual(parseCodename("的".repeat(11) + " about"), { error: "word", word: "about", index: 11 });
});

test("ParseCodename_TypedCarelessly_IsTheSame", () => {
  const expected = fromHex("00".repeat(16));
  const eleven = "abandon ".repeat(11);
  for (const text of [` ${eleven}\n about `, eleven.toUpperCase() + "ABOUT", eleven.replaceAll(" ", ", ") + "about", "的".repeat(11) + "在", "的　".repeat(11) + "在", "ａｂａｎｄｏｎ " + "abandon ".repeat(10) + "about", "abandon､".repeat(5) + "abandon\x85".repeat(6) + "about", " ".repeat(4096 - 93) + eleven + "about"]) {
    assert.deepEqual(good(text).entropy, expected, text);
  }
});

test("Words_RandomCodename_SameAsTheLibrary", () => {
  const seen = new Set<string>();
  for (let round = 0; round < 200; round++) {
    const codename = generateCodename();
    seen.add(hex(codename.entropy));
    for (const language of ["en", "zh-Hans"] as const) {
      const text = words(codename, language).join(" ");
      assert.equal(text, entropyToMnemonic(codename.entropy, [...wordList(language)]));
      assert.deepEqual(good(text).entropy, codename.entropy);
    }
  }
  assert.equal(seen.size, 200);
});
