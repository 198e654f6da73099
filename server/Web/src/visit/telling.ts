import type { CodenameKeys } from "../codename/keys.ts";
import { digestFile } from "../report/file.ts";
import { emptyDraft } from "../report/report.ts";
import { sealReport, TooLargeError } from "../report/seal.ts";
import { uploadSize } from "../report/size.ts";
import { SmallestClassInBytes } from "../report/sizeclass.ts";
import type { DropView, ReportDraft, VisitProgress } from "../types.ts";
import { startUpload, type Upload } from "./upload.ts";

/** What the one upload of a visit is. */
export type Telling =
  | { readonly kind: "report" | "follow-up"; readonly draft: ReportDraft }
  | { readonly kind: "decoy" };

/** Digests the files, which the report names, and seals; a small report whole, a large one as it is sent. */
export async function prepareUpload(
  telling: Telling,
  drop: DropView,
  keys: CodenameKeys,
  onProgress: (progress: VisitProgress) => void,
  signal: AbortSignal,
): Promise<Upload> {
  const draft = telling.kind === "decoy" ? emptyDraft : telling.draft;
  const size = uploadSize(draft, drop);
  if (size.tooLarge) throw new TooLargeError();
  const isSmall = size.classBytes === SmallestClassInBytes;
  const total = draft.files.reduce((sum, file) => sum + file.size, 0) + (isSmall ? size.sealedBytes : 0);
  let done = 0;
  const onBytes = (bytes: number): void =>
    onProgress({ step: "sealing", doneBytes: Math.min((done += bytes), total), totalBytes: total });
  onBytes(0);
  const digests: string[] = [];
  for (const file of draft.files) digests.push(await digestFile(file, onBytes, signal));
  return startUpload(await sealReport(telling.kind, draft, drop, keys, digests), onBytes);
}
