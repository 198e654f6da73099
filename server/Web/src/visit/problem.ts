import { BadAnswerError, NetworkError, RefusedError } from "../api/error.ts";
import { FileChangedError } from "../report/file.ts";
import { TextTooLongError, TooLargeError } from "../report/seal.ts";
import { LargestClassInBytes } from "../report/sizeclass.ts";
import type { VisitProblem } from "../types.ts";
import { TooMuchWorkError } from "../proof-of-work/solve.ts";
import { LineTooSlowError } from "./upload.ts";

/** What stopped an upload, as the page tells it. A mistake of ours is thrown on. */
export function problemOf(error: unknown, signal: AbortSignal): VisitProblem {
  if (signal.aborted) return { kind: "cancelled" };
  if (error instanceof NetworkError) return { kind: "network" };
  if (error instanceof RefusedError) {
    return error.status === 503
      ? { kind: "busy", title: error.title, retryAfterSeconds: error.retryAfterSeconds }
      : { kind: "refused", status: error.status, title: error.title };
  }
  if (error instanceof BadAnswerError) return { kind: "refused", status: 200, title: "" };
  if (error instanceof TooMuchWorkError) return { kind: "too-much-work", difficulty: error.difficulty };
  if (error instanceof LineTooSlowError) return { kind: "line-too-slow", hours: error.hours };
  if (error instanceof FileChangedError) return { kind: "file-changed", name: error.file };
  if (error instanceof TextTooLongError) return { kind: "text-too-long", used: error.used, limit: error.limit };
  if (error instanceof TooLargeError) return { kind: "too-large", limitInBytes: LargestClassInBytes };
  throw error;
}

/** Whether the same sealed bytes may still get through; else only a new visit, sealed anew, can help. */
export const canGoOn = ({ kind }: VisitProblem): boolean => kind === "network" || kind === "busy";
