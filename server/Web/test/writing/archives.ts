import { writeHeader } from "../../src/archive/ustar.ts";
import { type Bytes, concat, hex, sha256, utf8 } from "../../src/bytes.ts";
import { flipped, member, numbered, write } from "./write.ts";

const End = new Uint8Array(1024);

/** Archives, and what only looks like one. `members` is null where it is to be refused. */
export async function archiveVectors(): Promise<unknown> {
  const archives: unknown[] = [];
  const add = async (what: string, archive: Bytes, members: readonly (readonly [string, Bytes])[] | null): Promise<void> => {
    const file = `archives/${numbered(archives.length + 1)}.tar`;
    write(file, archive);
    const listed = members && (await Promise.all(members.map(async ([name, content]) => ({ name, bytes: content.length, sha256: hex(await sha256(content)) }))));
    archives.push({ file, what, members: listed });
  };
  const good = (what: string, members: readonly (readonly [string, Bytes])[], more = 0): Promise<void> =>
    add(what, concat(...members.map(([name, content]) => member(name, content)), End, new Uint8Array(more)), members);
  await good("no member", []);
  await good("one byte", [["a", utf8("x")]]);
  await good("an empty member", [["empty", new Uint8Array(0)]]);
  await good("a full block, and a byte more", [["full", new Uint8Array(512).fill(7)], ["more", new Uint8Array(513).fill(8)]]);
  await good("three members and zeros after the end", [["report.json", utf8("{}")], ["report.json.minisig", utf8("signature")], ["attachments/0001", new Uint8Array(1000).fill(9)]], 3000);
  await good("a name of 100 characters", [["x".repeat(100), utf8("x")]]);
  await good("names that no program may take for a path", [["../up", utf8("x")], ["/root", utf8("x")], ["a/../../b", utf8("x")]]);
  await good("a member twice", [["a", utf8("1")], ["a", utf8("2")]]);
  await good("content that looks like the end", [["zeros", new Uint8Array(2048)]]);
  const one = concat(member("a", utf8("x")), End);
  for (const [what, archive] of wrong(one)) await add(what, archive, null);
  return { archives };
}

/** A member's header with bytes put in, and the checksum made right again. */
function header(at: number, value: string | Uint8Array, block = writeHeader("a", 1)): Bytes {
  block.set(typeof value === "string" ? utf8(value) : value, at);
  const sum = block.reduce((total, byte, index) => total + (index >= 148 && index < 156 ? 32 : byte), 0);
  block.set(utf8(sum.toString(8).padStart(6, "0") + "\0 "), 148);
  return block;
}

function wrong(one: Bytes): [string, Bytes][] {
  const content = concat(utf8("x"), new Uint8Array(511));
  const headed = (block: Bytes): Bytes => concat(block, content, End);
  const big = writeHeader("a", 1);
  big.set(Uint8Array.of(0x80, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1), 124);
  return [
    ["nothing", new Uint8Array(0)],
    ["one block of zeros", new Uint8Array(512)],
    ["no end", one.slice(0, 1024)],
    ["half an end", one.slice(0, 1536)],
    ["a byte less than the end", one.slice(0, -1)],
    ["something after the end", concat(one, Uint8Array.of(1))],
    ["something in the second block of the end", flipped(one, -1)],
    ["padding that is not zero", flipped(one, 600)],
    ["cut in the content", one.slice(0, 512)],
    ["cut in a header", one.slice(0, 100)],
    ["a checksum that does not fit", flipped(one, 150)],
    ["a symbolic link", headed(header(156, "2/etc/passwd"))],
    ["a hard link", headed(header(156, "1a"))],
    ["a folder", headed(header(156, "5"))],
    ["a device", headed(header(156, "3"))],
    ["an extended header", headed(header(156, "x"))],
    ["a GNU long name", headed(header(156, "L"))],
    ["the old type for a file", headed(header(156, "\0"))],
    ["another mode", headed(header(100, "0000644\0"))],
    ["an owner", headed(header(108, "0001750\0"))],
    ["an owner's name", headed(header(265, "root"))],
    ["another time", headed(header(136, "00000000002\0"))],
    ["a prefix", headed(header(345, "etc"))],
    ["GNU's magic", headed(header(257, "ustar  \0"))],
    ["a size in base 256", headed(header(0, "a", big))],
    ["a size with a space", headed(header(124, "         1 \0"))],
    ["a size that goes over the end", headed(header(124, "00000077777\0"))],
    ["the largest size there is", headed(header(124, "77777777777\0"))],
    ["no name", headed(header(0, "\0"))],
    ["something after the name's NUL", headed(header(2, "b"))],
    ["a space in the name", headed(header(0, "a b"))],
    ["a letter that is not ASCII", headed(header(0, "é"))],
    ["a control character in the name", headed(header(0, "a\x1b"))],
    ["a checksum that begins with a space", headed(((block) => (block.set(utf8(" "), 148), block))(header(0, "a")))],
  ];
}
