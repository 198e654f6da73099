import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { seal } from "../../src/age/seal.ts";
import { paddingInBytes, writeHeader } from "../../src/archive/ustar.ts";
import { type Bytes, concat } from "../../src/bytes.ts";
import { vectorPath } from "../vectors.ts";

/** Writes a file of tests/vectors/page/: bytes as they are, all else as JSON. */
export function write(name: string, content: unknown): void {
  const path = vectorPath(`page/${name}`);
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, content instanceof Uint8Array ? content : JSON.stringify(content, null, 1) + "\n");
}

/** Vectors are written once: an index that is there already stands, with all its files. */
export async function once(index: string, make: () => unknown): Promise<void> {
  if (!existsSync(vectorPath(`page/${index}`))) write(index, await make());
}

/** `01`, `02`, …: a file's name in an index. */
export const numbered = (number: number): string => String(number).padStart(2, "0");

export const member = (name: string, content: Bytes): Bytes =>
  concat(writeHeader(name, content.length), content, new Uint8Array(paddingInBytes(content.length)));

export const padded = (archive: Bytes, size: number): Bytes => concat(archive, new Uint8Array(size - archive.length));

export async function sealTo(recipients: readonly Bytes[], plaintext: Bytes): Promise<Bytes> {
  const chunks: Bytes[] = [];
  for await (const chunk of seal(recipients, plaintext.length, (async function* () { yield plaintext; })())) chunks.push(chunk);
  return concat(...chunks);
}

export const flipped = (bytes: Bytes, at: number): Bytes => {
  const changed = bytes.slice();
  changed[at < 0 ? bytes.length + at : at]! ^= 1;
  return changed;
};
