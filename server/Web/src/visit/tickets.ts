import { RefusedError } from "../api/error.ts";
import { getTicket } from "../api/routes.ts";
import { solve, TooMuchWorkError, uploadIdOf } from "../proof-of-work/solve.ts";
import type { UploadRun } from "./upload.ts";

/** A ticket is good for ten minutes until an upload's first request; one of them is left for the line. */
const UsefulInMilliseconds = 540_000;
/** So many grow old in a row, which takes nine hours, before the source is told that it is too much. */
const MostTickets = 60;
/** So many are refused before the source is told: the work asked for may rise while it is done. */
const MostRefusals = 5;
const EstimatesInMilliseconds = 500;

/** A ticket, and the value of the `Ticket` header for each block that was paid. */
export interface PaidTicket {
  readonly id: string;
  pay(block: number, run: UploadRun): Promise<string>;
}

/** The ticket that an upload goes under. */
export class Tickets {
  #current: PaidTicket | null = null;
  #freshUntil = 0;
  #refusals = 0;

  /**
   * The one in use, or a new one whose first block is paid. `mustBeFresh` while the server has nothing of the upload: then
   * one that grows too old while it is worked for is let go. That loses nothing: no attempt brings the next one nearer.
   */
  async get(run: UploadRun, mustBeFresh: boolean): Promise<PaidTicket> {
    if (this.#current !== null && (!mustBeFresh || performance.now() < this.#freshUntil)) return this.#current;
    for (let n = 0, difficulty = 0; ; n++) {
      if (n === MostTickets) throw new TooMuchWorkError(difficulty);
      run.onProgress({ step: "ticket", doneBytes: 0, totalBytes: 0 });
      const offer = await getTicket(run.signal);
      this.#freshUntil = performance.now() + UsefulInMilliseconds;
      difficulty = offer.difficulty;
      const values = new Map<number, string>();
      const solveFor = (block: number, again: UploadRun, end: number): Promise<string | null> =>
        solve(offer.ticket, difficulty, block, estimates(difficulty, again), again.signal, () => performance.now() < end);
      const first = await solveFor(0, run, this.#freshUntil);
      if (first === null) continue;
      values.set(0, first);
      const pay = async (block: number, again: UploadRun): Promise<string> => {
        const value = values.get(block) ?? (await solveFor(block, again, Infinity))!;
        values.set(block, value);
        return value;
      };
      return (this.#current = { id: await uploadIdOf(offer.ticket), pay });
    }
  }

  /** Lets go of it: what was sent under it may have arrived and cannot be asked for, or more work may be asked for by now. */
  drop(): void {
    this.#current = null;
  }

  /** Whether to try again at once under a new one: this one is too old for the server, or its day key is gone. */
  isRenewedAfter(error: unknown): boolean {
    if (!(error instanceof RefusedError) || error.status !== 403 || ++this.#refusals >= MostRefusals) return false;
    this.drop();
    return true;
  }
}

/** Tells now and then how long it takes on the average. That is also how long it yet takes, whatever was done so far. */
function estimates(difficulty: number, { onProgress }: UploadRun): (attempts: number) => void {
  const begun = performance.now();
  let told = begun;
  if (difficulty > 0) onProgress({ step: "work", doneBytes: 0, totalBytes: 0 });
  return (attempts) => {
    const now = performance.now();
    if (now - told < EstimatesInMilliseconds) return;
    told = now;
    const secondsLeft = (2 ** difficulty * (now - begun)) / attempts / 1000;
    onProgress({ step: "work", doneBytes: 0, totalBytes: 0, secondsLeft });
  };
}
