import { NetworkError } from "../api/error.ts";
import { withRetries } from "../api/retry.ts";
import { getParts, postCommit, putPart } from "../api/routes.ts";
import type { Bytes } from "../bytes.ts";
import type { SealedReport } from "../report/seal.ts";
import { PartsPerBlock } from "../proof-of-work/solve.ts";
import { Pace } from "./pace.ts";
import { PartCutter } from "./parts.ts";
import { type PaidTicket, Tickets } from "./tickets.ts";
import { type Upload, type UploadRun, waiting } from "./upload.ts";

/**
 * A report with attachments, in parts. Each part is sealed once, kept until the server has it, and sent again as it is;
 * the next one is sealed meanwhile. So at most two parts are in memory, and nothing is ever sealed twice under one key,
 * whatever became of the file it came from.
 */
export class LargeUpload implements Upload {
  readonly #cutter: PartCutter;
  readonly #sizeInBytes: number;
  readonly #tickets = new Tickets();
  /** The part that the server has not confirmed yet. */
  #part: Bytes | null = null;
  /** The part after it, being sealed. */
  #ahead: Promise<Bytes | null> | null = null;
  #number = 0;
  #sentInBytes = 0;
  /** The last answer was lost: ask before sending again. */
  #mayHaveArrived = false;

  constructor(sealed: SealedReport) {
    this.#cutter = new PartCutter(sealed.chunks, sealed.sizeInBytes);
    this.#sizeInBytes = sealed.sizeInBytes;
  }

  get hasBegun(): boolean {
    return this.#number > 0 || this.#mayHaveArrived;
  }

  async run(run: UploadRun): Promise<void> {
    const { onProgress, signal } = run;
    const pace = new Pace(this.#sizeInBytes, this.#sentInBytes);
    for (;;) {
      signal.throwIfAborted();
      onProgress({ step: "sending", ...pace.at(this.#sentInBytes) });
      this.#part ??= await this.#next();
      if (this.#part === null) break;
      this.#ahead ??= this.#sealAhead();
      await this.#send(this.#part, pace, run);
      this.#sentInBytes += this.#part.length;
      this.#number++;
      this.#part = null;
    }
    const ticket = await this.#tickets.get(run, false);
    const value = await ticket.pay(0, run);
    const commit = (): Promise<void> => postCommit(ticket.id, value, this.#number, this.#sizeInBytes, signal);
    await withRetries(commit, signal, waiting(run));
  }

  async close(): Promise<void> {
    await this.#ahead?.catch(() => null);
    await this.#cutter.close();
  }

  async #next(): Promise<Bytes | null> {
    const part = await (this.#ahead ?? this.#cutter.next());
    this.#ahead = null;
    return part;
  }

  #sealAhead(): Promise<Bytes | null> {
    const ahead = this.#cutter.next();
    ahead.catch(() => undefined); // told when it is waited for, not as an unhandled rejection before
    return ahead;
  }

  #send(part: Bytes, pace: Pace, run: UploadRun): Promise<void> {
    const send = async (): Promise<void> => {
      const ticket = await pace.without(() => this.#paidTicket(run));
      if (this.#mayHaveArrived) {
        const arrived = (await getParts(ticket.id, run.signal)).includes(this.#number);
        this.#mayHaveArrived = false;
        if (arrived) return;
      }
      const value = await ticket.pay(this.#block, run);
      run.onProgress({ step: "sending", ...pace.at(this.#sentInBytes) });
      try {
        await putPart(ticket.id, this.#number, value, part, run.signal);
      } catch (error) {
        // Later on the server has parts under this ticket: only a visit anew, sealed anew, can help.
        if (this.#number === 0 && this.#tickets.isRenewedAfter(error)) return send();
        this.#mayHaveArrived = error instanceof NetworkError;
        if (!this.hasBegun) this.#tickets.drop();
        throw error;
      }
    };
    return withRetries(send, run.signal, waiting(run));
  }

  get #block(): number {
    return Math.floor(this.#number / PartsPerBlock);
  }

  /** The ticket, with the block of this part paid. */
  async #paidTicket(run: UploadRun): Promise<PaidTicket> {
    const ticket = await this.#tickets.get(run, !this.hasBegun);
    await ticket.pay(this.#block, run);
    return ticket;
  }
}
