import { parseRecipient } from "../age/bech32.ts";
import { seal, sealedSizeInBytes } from "../age/seal.ts";
import { EndSizeInBytes, paddingInBytes, writeHeader } from "../archive/ustar.ts";
import { type Bytes, utf8 } from "../bytes.ts";
import type { CodenameKeys } from "../codename/keys.ts";
import { signStatement } from "../minisign/statement.ts";
import type { DropView, ReportDraft } from "../types.ts";
import { piecesAsDigested } from "./file.ts";
import { attachmentPath, frameReport, limitInBytes, type ReportKind, writeReport } from "./report.ts";
import { archiveSizeInBytes } from "./size.ts";
import { LargestClassInBytes, sizeClass } from "./sizeclass.ts";

export class TextTooLongError extends Error {
  constructor(readonly used: number, readonly limit: number) {
    super("the text is too long");
  }
}

export class TooLargeError extends Error {}

/** A report on its way: sealed bytes, made as they are taken, once. */
export interface SealedReport {
  readonly sizeInBytes: number;
  /** The size class. */
  readonly plaintextSizeInBytes: number;
  readonly chunks: AsyncGenerator<Bytes, void>;
}

/**
 * Seals a report with a new id and a new file key, in constant memory. `digests` are those of the draft's files; a file
 * that is no longer what was digested ends `chunks` with a `FileChangedError`, before a final chunk was made.
 */
export async function sealReport(
  kind: ReportKind,
  draft: ReportDraft,
  drop: DropView,
  keys: CodenameKeys,
  digests: readonly string[],
): Promise<SealedReport> {
  const frame = await frameReport(kind, drop, keys, digests);
  const reportJson = utf8(writeReport(draft, drop, frame));
  const limit = limitInBytes(draft);
  if (reportJson.length > limit) throw new TextTooLongError(reportJson.length, limit);
  const archiveSize = archiveSizeInBytes(reportJson.length, draft.files);
  if (archiveSize > LargestClassInBytes) throw new TooLargeError();
  const plaintextSize = sizeClass(archiveSize);
  const signature = utf8(signStatement("report", reportJson, keys.signingSeed));
  const publicKeys = drop.recipients.map(({ key }) => parseRecipient(key)!);
  const archive = writeArchive(reportJson, signature, draft.files, digests, plaintextSize - archiveSize);
  return {
    sizeInBytes: sealedSizeInBytes(publicKeys.length, plaintextSize),
    plaintextSizeInBytes: plaintextSize,
    chunks: seal(publicKeys, plaintextSize, archive),
  };
}

async function* writeArchive(
  reportJson: Bytes,
  signature: Bytes,
  files: readonly File[],
  digests: readonly string[],
  spareInBytes: number,
): AsyncGenerator<Bytes, void> {
  yield* member("report.json", reportJson);
  yield* member("report.json.minisig", signature);
  for (const [index, file] of files.entries()) {
    yield writeHeader(attachmentPath(index), file.size);
    yield* piecesAsDigested(file, digests[index]!);
    yield new Uint8Array(paddingInBytes(file.size));
  }
  const block = new Uint8Array(65536);
  for (let left = EndSizeInBytes + spareInBytes; left > 0; left -= block.length) {
    yield block.subarray(0, Math.min(left, block.length));
  }
}

function* member(name: string, content: Bytes): Generator<Bytes, void> {
  yield writeHeader(name, content.length);
  yield content;
  yield new Uint8Array(paddingInBytes(content.length));
}
