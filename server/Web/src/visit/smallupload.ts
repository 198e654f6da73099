import { withRetries } from "../api/retry.ts";
import { putReport } from "../api/routes.ts";
import { type Bytes, concat } from "../bytes.ts";
import type { SealedReport } from "../report/seal.ts";
import { Tickets } from "./tickets.ts";
import { type Upload, type UploadRun, waiting } from "./upload.ts";

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
   * which the reviewers' tool knows by its bytes. Where the server was busy, it may be asking for more work by now.
   */
  run(run: UploadRun): Promise<void> {
    const size = this.#sealed.length;
    const tickets = new Tickets();
    const send = async (): Promise<void> => {
      const ticket = await tickets.get(run, true);
      run.onProgress({ step: "sending", doneBytes: 0, totalBytes: size });
      try {
        await putReport(ticket.id, await ticket.pay(0, run), this.#sealed, run.signal);
      } catch (error) {
        if (tickets.isRenewedAfter(error)) return send();
        tickets.drop();
        throw error;
      }
      run.onProgress({ step: "sending", doneBytes: size, totalBytes: size });
    };
    return withRetries(send, run.signal, waiting(run));
  }

  async close(): Promise<void> {}
}
