import { withRetries } from "../api/retry.ts";
import { getTicket, putReport } from "../api/routes.ts";
import { type Bytes, concat } from "../bytes.ts";
import type { SealedReport } from "../report/seal.ts";
import { solve, uploadIdOf } from "../proof-of-work/solve.ts";
import type { Upload, UploadRun } from "./upload.ts";

/** A report of the smallest class: one ticket, one request. */
export class SmallUpload implements Upload {
  readonly hasBegun = false;
  readonly #sealed: Bytes;

  private constructor(sealed: Bytes) {
    this.#sealed = sealed;
  }

  /** Seals all of it before the ticket is asked for, so that the ticket's ten minutes are the line's alone. */
  static async seal(report: SealedReport, onSealed: (bytes: number) => void): Promise<SmallUpload> {
    const chunks: Bytes[] = [];
    for await (const chunk of report.chunks) {
      chunks.push(chunk);
      onSealed(chunk.length);
    }
    return new SmallUpload(concat(...chunks));
  }

  /**
   * Where the answer is lost, the report may have arrived: sent again, as it is, under a new ticket it is a duplicate,
   * which the reviewers' tool knows by its bytes.
   */
  run({ onProgress, signal }: UploadRun): Promise<void> {
    const size = this.#sealed.length;
    return withRetries(async () => {
      onProgress({ step: "ticket", doneBytes: 0, totalBytes: 0 });
      const { ticket, difficulty } = await getTicket(signal);
      const onAttempts = (attempts: number): void =>
        onProgress({ step: "work", doneBytes: attempts, totalBytes: 2 ** difficulty });
      const value = await solve(ticket, difficulty, 0, onAttempts, signal);
      onProgress({ step: "sending", doneBytes: 0, totalBytes: size });
      await putReport(await uploadIdOf(ticket), value, this.#sealed, signal);
      onProgress({ step: "sending", doneBytes: size, totalBytes: size });
    }, signal);
  }

  async close(): Promise<void> {}
}
