import { NetworkError, RefusedError } from "./error.ts";

/** Pauses before the second, third, … try: after the last one the source is told and can go on by hand. */
const PausesInSeconds = [2, 6, 15] as const;
/** A full or busy server that asks for more patience than this is told to the source instead. */
const LongestPauseInSeconds = 40;

/** Whether trying again by itself may help, and after how long; null where not. */
function pauseAfter(error: unknown, tries: number): number | null {
  const pause = PausesInSeconds[tries - 1];
  if (pause === undefined) return null;
  if (error instanceof NetworkError) return pause;
  if (error instanceof RefusedError && error.status === 503 && error.retryAfterSeconds <= LongestPauseInSeconds) {
    return Math.max(pause, error.retryAfterSeconds);
  }
  return null;
}

/** Tries a bounded number of times where the line broke or the server is busy for a moment, of which `onBusy` hears. */
export async function withRetries<T>(
  call: () => Promise<T>,
  signal: AbortSignal,
  onBusy: () => void = () => undefined,
): Promise<T> {
  for (let tries = 1; ; tries++) {
    try {
      return await call();
    } catch (error) {
      const pause = pauseAfter(error, tries);
      if (signal.aborted || pause === null) throw error;
      if (error instanceof RefusedError) onBusy();
      await sleep(pause, signal);
    }
  }
}

export function sleep(seconds: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const stop = (): void => {
      clearTimeout(timer);
      reject(signal.reason);
    };
    const timer = setTimeout(() => {
      signal.removeEventListener("abort", stop);
      resolve();
    }, seconds * 1000);
    signal.addEventListener("abort", stop, { once: true });
  });
}
