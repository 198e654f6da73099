import { equal, isZero } from "../bytes.ts";
import { BlockSizeInBytes, isName, NameSizeInBytes, paddingInBytes, writeHeader } from "./ustar.ts";

export interface Member {
  readonly name: string;
  readonly content: Uint8Array;
}

/**
 * Reads an archive held in memory, or null where it is not exactly as ours are: each header is built anew from name and
 * size and compared, padding is zero, and nothing but zeros follows the last member.
 */
export function readArchive(archive: Uint8Array): Member[] | null {
  const members: Member[] = [];
  let at = 0;
  for (;;) {
    const header = archive.subarray(at, at + BlockSizeInBytes);
    if (header.length < BlockSizeInBytes) return null;
    if (isZero(header)) break;
    const member = readMember(archive, at, header);
    if (member === null) return null;
    members.push(member);
    at += BlockSizeInBytes + member.content.length + paddingInBytes(member.content.length);
  }
  const end = archive.subarray(at);
  return end.length >= 2 * BlockSizeInBytes && isZero(end) ? members : null;
}

function readMember(archive: Uint8Array, at: number, header: Uint8Array): Member | null {
  const end = header.indexOf(0);
  const digits = String.fromCharCode(...header.subarray(124, 135));
  const name = String.fromCharCode(...header.subarray(0, Math.min(end, NameSizeInBytes)));
  if (!/^[0-7]{11}$/.test(digits) || !isName(name)) return null;
  const size = parseInt(digits, 8);
  const start = at + BlockSizeInBytes;
  const content = archive.subarray(start, start + size);
  const padding = archive.subarray(start + size, start + size + paddingInBytes(size));
  if (content.length !== size || padding.length !== paddingInBytes(size) || !isZero(padding)) return null;
  return equal(writeHeader(name, size), header) ? { name, content } : null;
}
