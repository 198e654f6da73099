import assert from "node:assert/strict";
import test from "node:test";
import { readArchive } from "../src/archive/read.ts";
import { memberSizeInBytes, paddingInBytes, writeHeader } from "../src/archive/ustar.ts";
import { type Bytes, concat, hex, sha256, utf8 } from "../src/bytes.ts";
import { AttachmentDigest, PieceSizeInBytes } from "../src/report/digest.ts";
import { digestFile } from "../src/report/file.ts";
import { LargestClassInBytes, sizeClass, SmallestClassInBytes } from "../src/report/sizeclass.ts";
import { foldersWith, vectorBytes, vectorJson } from "./vectors.ts";

test("WriteHeader_Vectors_SameBytes", () => {
  const vectors = vectorJson("headers.json");
  assert.ok(vectors.length > 0);
  for (const { name, size, header } of vectors) assert.equal(hex(writeHeader(name, size)), header);
});

for (const folder of foldersWith("archives.json")) test(`ReadArchive_${folder}Vectors_SameMembersOrNone`, async () => {
  const { archives } = vectorJson(folder + "archives.json");
  for (const { file, what, members } of archives) {
    const read = readArchive(vectorBytes(folder + file));
    const listed = read && (await Promise.all(read.map(async ({ name, content }) => ({ name, bytes: content.length, sha256: hex(await sha256(content as Bytes)) }))));
    assert.deepEqual(listed, members, what);
  }
  assert.ok(archives.some(({ members }: { members: unknown }) => members) && archives.some(({ members }: { members: unknown }) => members === null));
});

for (const folder of foldersWith("sizes.json")) test(`SizeClass_${folder}Vectors_Hold`, () => {
  for (const { bytes, class: expected } of vectorJson(folder + "sizes.json").classes) assert.equal(sizeClass(bytes), expected);
});

test("SizeClass_All_Are66AndAtMostAQuarterLarger", () => {
  const all = new Set<number>();
  for (let size = 0; size < LargestClassInBytes; size = sizeClass(size + 1)) all.add(sizeClass(size + 1));
  assert.equal(all.size, 66);
  for (const size of all) {
    assert.equal(sizeClass(size), size);
    if (size > SmallestClassInBytes) assert.ok(size <= 1.25 * sizeClass(size * 0.79));
  }
});

test("AttachmentDigest_Vectors_Hold", async () => {
  for (const { bytes, sha256 } of vectorJson("digests.json").digests) {
    const content = new Uint8Array(bytes).map((_, index) => (index * 7) % 251);
    const digest = new AttachmentDigest();
    for (let at = 0; at < bytes; at += PieceSizeInBytes) await digest.add(content.slice(at, at + PieceSizeInBytes));
    assert.equal(hex(await digest.finish()), sha256);
    assert.equal(await digestFile(new File([content], "x"), () => undefined, new AbortController().signal), sha256);
  }
});

const member = (name: string, content: Uint8Array): Uint8Array =>
  concat(writeHeader(name, content.length), content, new Uint8Array(paddingInBytes(content.length)));

test("ReadArchive_Ours_GivesMembers", () => {
  const archive = concat(member("a", utf8("x")), member("b/c", new Uint8Array(512)), member("d", new Uint8Array(0)), new Uint8Array(4096));
  assert.deepEqual(readArchive(archive)?.map(({ name, content }) => [name, content.length]), [["a", 1], ["b/c", 512], ["d", 0]]);
  assert.equal(memberSizeInBytes(1), 1024);
});

test("ReadArchive_Name_Is1To100PrintableAsciiCharacters", () => {
  const named = (name: string): Uint8Array => concat(member(name, utf8("x")), new Uint8Array(1024));
  assert.equal(readArchive(named("x".repeat(100)))?.[0]?.name.length, 100);
  for (const name of ["", "x".repeat(101), "a b", "ü", "a\x7f"]) assert.throws(() => named(name), name);
  const changed = named("ab");
  changed[1] = 0xe9;
  const sum = changed.subarray(0, 512).reduce((total, byte, at) => total + (at >= 148 && at < 156 ? 32 : byte), 0);
  changed.set(utf8(sum.toString(8).padStart(6, "0")), 148);
  assert.equal(readArchive(changed), null);
});

test("ReadArchive_AnyByteChanged_IsRefusedOrAnotherContent", () => {
  const archive = concat(member("a", utf8("x")), new Uint8Array(1024));
  for (let at = 0; at < archive.length; at++) {
    if (at === 512) continue; // the content itself
    const changed = archive.slice();
    changed[at]! ^= 1;
    assert.equal(readArchive(changed), null, `byte ${at}`);
  }
  for (const size of [0, 511, 512, 1024, archive.length - 512]) assert.equal(readArchive(archive.subarray(0, size)), null);
});
