import type { Bytes } from "../bytes.ts";
import { hex } from "../bytes.ts";
import { AttachmentDigest, PieceSizeInBytes } from "./digest.ts";

/** A file on the source's disk was changed, moved or removed since it was chosen; nothing was committed. */
export class FileChangedError extends Error {
  constructor(readonly file: string) {
    super("a file changed while it was being read");
  }
}

/** Reads a file piece by piece: the page never holds more of it. */
export async function* pieces(file: File): AsyncGenerator<Bytes, void> {
  for (let at = 0; at < file.size; at += PieceSizeInBytes) {
    const expected = Math.min(PieceSizeInBytes, file.size - at);
    let piece: Bytes;
    try {
      piece = new Uint8Array(await file.slice(at, at + expected).arrayBuffer());
    } catch {
      throw new FileChangedError(file.name); // browsers refuse to read a file that changed on disk
    }
    if (piece.length !== expected) throw new FileChangedError(file.name);
    yield piece;
  }
}

/** The attachment digest of a file, in lower-case hex. */
export async function digestFile(file: File, onBytes: (bytes: number) => void, signal: AbortSignal): Promise<string> {
  const digest = new AttachmentDigest();
  for await (const piece of pieces(file)) {
    signal.throwIfAborted();
    await digest.add(piece);
    onBytes(piece.length);
  }
  return hex(await digest.finish());
}

/** The file again, as it is sealed; throws at its end where it is not what was digested. */
export async function* piecesAsDigested(file: File, sha256: string): AsyncGenerator<Bytes, void> {
  const digest = new AttachmentDigest();
  for await (const piece of pieces(file)) {
    await digest.add(piece);
    yield piece;
  }
  if (hex(await digest.finish()) !== sha256) throw new FileChangedError(file.name);
}
