import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { Bytes } from "../src/bytes.ts";

export const repository = process.env["REPOSITORY"]!;
const folder = join(repository, "tests/vectors");

export const vectorBytes = (name: string): Bytes => new Uint8Array(readFileSync(join(folder, name)));
export const vectorJson = (name: string): any => JSON.parse(readFileSync(join(folder, name), "utf8"));
/** Folders that hold this index: the independent implementation's, the page's own, and the server side's where it has it. */
export const foldersWith = (index: string): string[] => ["", "page/", "own/"].filter((name) => existsSync(join(folder, name + index)));
export const vectorPath = (name: string): string => join(folder, name);
