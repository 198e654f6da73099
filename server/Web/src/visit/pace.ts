import { LineTooSlowError } from "./upload.ts";

/** An upload's ticket is good for at least this long: its day key lives until the second day after its day has ended. */
const TicketLifeInHours = 48;
/** Nothing is said of the line's speed before this. */
const WarmUpInSeconds = 3;
/** Less says nothing of a line. */
const LeastMeasuredInBytes = 32_768;
/** Nobody is turned away before this. */
const FairTrialInSeconds = 120;

/** How far, how fast, and how long yet. By this machine's clock, from where this run began. */
export class Pace {
  #begun = performance.now();

  constructor(
    readonly totalInBytes: number,
    readonly startInBytes: number,
  ) {}

  /** Something else that has to be waited for, and says nothing of the line. */
  async without<T>(wait: () => Promise<T>): Promise<T> {
    const from = performance.now();
    try {
      return await wait();
    } finally {
      this.#begun += performance.now() - from;
    }
  }

  /** Throws `LineTooSlowError` where the ticket would end before the upload does. */
  at(doneInBytes: number): { doneBytes: number; totalBytes: number; secondsLeft?: number } {
    const progress = { doneBytes: doneInBytes, totalBytes: this.totalInBytes };
    const seconds = (performance.now() - this.#begun) / 1000;
    const sent = doneInBytes - this.startInBytes;
    if (sent <= 0 || seconds < WarmUpInSeconds) return progress;
    const secondsLeft = Math.ceil(((this.totalInBytes - doneInBytes) * seconds) / sent);
    const hours = Math.ceil(secondsLeft / 3600);
    if (seconds > FairTrialInSeconds && hours > TicketLifeInHours) throw new LineTooSlowError(hours);
    return { ...progress, secondsLeft };
  }
}

/**
 * How fast bytes came in while they did: the waits between requests do not count, as an upload has few. Hardly any line
 * sends faster than it receives, so an upload that this is too slow for need not be begun.
 */
export class Flow {
  #last: number | null = null;
  #bytes = 0;
  #milliseconds = 0;

  /** So many bytes came; the first of an answer start the clock. */
  add(bytes: number, isFirst: boolean): void {
    const now = performance.now();
    if (!isFirst && this.#last !== null) {
      this.#bytes += bytes;
      this.#milliseconds += now - this.#last;
    }
    this.#last = now;
  }

  /** Throws `LineTooSlowError` where the ticket would end first; says nothing where too little came to tell. */
  mustCarry(bytes: number): void {
    if (this.#bytes < LeastMeasuredInBytes) return;
    const hours = Math.ceil((bytes * this.#milliseconds) / this.#bytes / 3_600_000);
    if (hours > TicketLifeInHours) throw new LineTooSlowError(hours);
  }
}
