import type { SealedReport } from "../report/seal.ts";
import { SmallestClassInBytes } from "../report/sizeclass.ts";
import type { VisitProgress } from "../types.ts";
import { LargeUpload } from "./largeupload.ts";
import { SmallUpload } from "./smallupload.ts";

export interface UploadRun {
  readonly onProgress: (progress: VisitProgress) => void;
  readonly signal: AbortSignal;
}

/** Says that the server is busy and will be asked again. */
export const waiting =
  ({ onProgress }: UploadRun) =>
  (): void =>
    onProgress({ step: "waiting", doneBytes: 0, totalBytes: 0 });

/** Sealed bytes on their way to the server. */
export interface Upload {
  /** The server holds some of it under a ticket; else it may as well be sealed anew. */
  readonly hasBegun: boolean;
  /** Sends, or goes on where the last run failed, with the sealed bytes as they are. Throws what stopped it. */
  run(run: UploadRun): Promise<void>;
  /** Lets go of everything. */
  close(): Promise<void>;
}

/** The smallest class goes in one request, a larger one in parts. */
export async function startUpload(sealed: SealedReport, onSealed: (bytes: number) => void): Promise<Upload> {
  return sealed.plaintextSizeInBytes === SmallestClassInBytes ? SmallUpload.seal(sealed, onSealed) : new LargeUpload(sealed);
}

/** The line is so slow that the ticket would end before the upload does. */
export class LineTooSlowError extends Error {
  constructor(readonly hours: number) {
    super("the line is too slow");
  }
}
