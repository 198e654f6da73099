import type { CodenameKeys } from "../codename/keys.ts";
import { digestFile } from "../report/file.ts";
import { signNothing } from "../minisign/statement.ts";
import { type ReportKind, TextLimitInBytes } from "../report/report.ts";
import { sealReport, TooLargeError } from "../report/seal.ts";
import { reportSize, uploadSize } from "../report/size.ts";
import { SmallestClassInBytes } from "../report/sizeclass.ts";
import type { DropView, ReportDraft, VisitProgress } from "../types.ts";
import { startUpload, type Upload } from "./upload.ts";

type OnProgress = (progress: VisitProgress) => void;

const sealing = (totalBytes: number, onProgress: OnProgress): ((bytes: number) => void) => {
  let done = 0;
  return (bytes) => onProgress({ step: "sealing", doneBytes: Math.min((done += bytes), totalBytes), totalBytes });
};

/**
 * The digests of the files, which the report names. Made before the visit asks for anything: how long that takes, or that
 * a file is gone, is seen by nobody on the line.
 */
export async function digestFiles(files: readonly File[], onProgress: OnProgress, signal: AbortSignal): Promise<string[]> {
  const onBytes = sealing(files.reduce((sum, { size }) => sum + size, 0), onProgress);
  const digests: string[] = [];
  for (const file of files) digests.push(await digestFile(file, onBytes, signal));
  return digests;
}

/** Seals; a small report whole, a large one as it is sent. */
export async function prepareUpload(
  kind: ReportKind,
  draft: ReportDraft,
  digests: readonly string[],
  drop: DropView,
  keys: CodenameKeys,
  onProgress: OnProgress,
): Promise<Upload> {
  const size = uploadSize(draft, drop);
  if (size.tooLarge) throw new TooLargeError();
  const onBytes = sealing(size.sealedBytes, onProgress);
  onBytes(0);
  const upload = await startUpload(await sealReport(kind, draft, drop, keys, digests), onBytes);
  // As much work whatever was written: where sealing takes a second and more, its length would show in the next one.
  if (size.classBytes === SmallestClassInBytes) await signNothing(TextLimitInBytes - reportSize(draft, drop).used);
  return upload;
}
