import { type Bytes, utf8 } from "../bytes.ts";

export const BlockSizeInBytes = 512;
/** Two blocks of zeros. */
export const EndSizeInBytes = 2 * BlockSizeInBytes;

/** Zeros after `sizeInBytes` of content, to a full block. */
export const paddingInBytes = (sizeInBytes: number): number =>
  (BlockSizeInBytes - (sizeInBytes % BlockSizeInBytes)) % BlockSizeInBytes;

/** Header, content and padding. */
export const memberSizeInBytes = (sizeInBytes: number): number =>
  BlockSizeInBytes + sizeInBytes + paddingInBytes(sizeInBytes);

/** A header's room for a name. */
export const NameSizeInBytes = 100;

/** 1 to 100 characters of printable ASCII, without spaces. */
export const isName = (name: string): boolean => /^[!-~]{1,100}$/.test(name);

/** The one header there is (POSIX ustar, mode 600, owner 0, time 1): nothing in it but name and size can tell anything. */
export function writeHeader(name: string, sizeInBytes: number): Bytes {
  const block = new Uint8Array(BlockSizeInBytes);
  const put = (at: number, value: string): void => block.set(utf8(value), at);
  const size = sizeInBytes.toString(8).padStart(11, "0");
  if (!isName(name) || size.length > 11) throw new Error("a name or size that no header holds");
  put(0, name);
  put(100, "0000600\0");
  put(108, "0000000\0");
  put(116, "0000000\0");
  put(124, size + "\0");
  put(136, "00000000001\0");
  put(148, " ".repeat(8)); // counts as spaces in its own sum
  put(156, "0");
  put(257, "ustar\0" + "00");
  put(329, "0000000\0");
  put(337, "0000000\0");
  const sum = block.reduce((total, byte) => total + byte, 0);
  put(148, sum.toString(8).padStart(6, "0") + "\0 ");
  return block;
}
