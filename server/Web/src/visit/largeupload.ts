import { NetworkError } from "../api/error.ts";
import { withRetries } from "../api/retry.ts";
import { getParts, getTicket, postCommit, putPart, type TicketOffer } from "../api/routes.ts";
import type { Bytes } from "../bytes.ts";
import type { SealedReport } from "../report/seal.ts";
import { PartsPerBlock, solve, uploadIdOf } from "../proof-of-work/solve.ts";
import { Pace } from "./pace.ts";
import { PartCutter } from "./parts.ts";
import type { Upload, UploadRun } from "./upload.ts";

/**
 * A report with attachments, in parts. Each part is sealed once, kept until the server has it, and sent again as it is;
 * the next one is sealed meanwhile. So at most two parts are in memory, and nothing is ever sealed twice under one key,
 * whatever became of the file it came from.
 */
export class LargeUpload implements Upload {
  readonly #cutter: PartCutter;
  readonly #sizeInBytes: number;
  #offer: (TicketOffer & { readonly id: string }) | undefined;
  /** The value paid for each block, by its number. */
  readonly #paid = new Map<number, string>();
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
    return this.#offer !== undefined;
  }

  async run(run: UploadRun): Promise<void> {
    const { onProgress, signal } = run;
    if (this.#offer === undefined) {
      onProgress({ step: "ticket", doneBytes: 0, totalBytes: 0 });
      const offer = await withRetries(() => getTicket(signal), signal);
      this.#offer = { ...offer, id: await uploadIdOf(offer.ticket) };
    }
    const pace = new Pace(this.#sizeInBytes, this.#sentInBytes);
    for (;;) {
      signal.throwIfAborted();
      onProgress({ step: "sending", ...pace.at(this.#sentInBytes) });
      this.#part ??= await this.#next();
      if (this.#part === null) break;
      this.#ahead ??= this.#sealAhead();
      await this.#send(this.#part, run);
      this.#sentInBytes += this.#part.length;
      this.#number++;
      this.#part = null;
    }
    const { id } = this.#offer;
    const value = await this.#pay(0, run);
    await withRetries(() => postCommit(id, value, this.#number, this.#sizeInBytes, signal), signal);
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

  #send(part: Bytes, run: UploadRun): Promise<void> {
    const { id } = this.#offer!;
    return withRetries(async () => {
      if (this.#mayHaveArrived) {
        const arrived = (await getParts(id, run.signal)).includes(this.#number);
        this.#mayHaveArrived = false;
        if (arrived) return;
      }
      const value = await this.#pay(Math.floor(this.#number / PartsPerBlock), run);
      try {
        await putPart(id, this.#number, value, part, run.signal);
      } catch (error) {
        this.#mayHaveArrived = error instanceof NetworkError;
        throw error;
      }
    }, run.signal);
  }

  async #pay(block: number, { onProgress, signal }: UploadRun): Promise<string> {
    const { ticket, difficulty } = this.#offer!;
    const onAttempts = (attempts: number): void =>
      onProgress({ step: "work", doneBytes: attempts, totalBytes: 2 ** difficulty });
    const value = this.#paid.get(block) ?? (await solve(ticket, difficulty, block, onAttempts, signal));
    this.#paid.set(block, value);
    return value;
  }
}
