import { type Bytes, concat } from "../bytes.ts";
import { text } from "../json/members.ts";
import { asObject } from "../json/members.ts";
import { parseStrict } from "../json/strict.ts";
import { NetworkError, RefusedError } from "./error.ts";

/** Tor builds a circuit in up to a minute, and an onion service's takes longer. */
const AnswerLimitInSeconds = 120;
/** A part of 1 MiB over a line of 2 KB/s. */
const UploadLimitInSeconds = 600;
/** A download goes on as long as something arrives. */
const StallLimitInSeconds = 90;
const ProblemLimitInBytes = 4096;
const MaximumTitleInCharacters = 300;
const DefaultRetryInSeconds = 60;

export interface Request {
  readonly method: "GET" | "PUT" | "POST";
  /** From the root, no query. */
  readonly path: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: Bytes;
  /** The most bytes an answer may have: a server must not be able to fill the memory. */
  readonly answerLimitInBytes: number;
  readonly onBytes?: (received: number) => void;
  readonly signal: AbortSignal;
}

/** One request: nothing that identifies goes with it, nothing of it is kept. Throws the errors of `error.ts`. */
export async function send(request: Request): Promise<Bytes> {
  const { signal } = request;
  signal.throwIfAborted();
  const watch = new Watch(signal);
  try {
    watch.allow(request.body === undefined ? AnswerLimitInSeconds : UploadLimitInSeconds);
    const response = await fetch(request.path, {
      method: request.method,
      headers: { ...request.headers },
      body: request.body ?? null,
      signal: watch.signal,
      credentials: "omit",
      cache: "no-store",
      referrerPolicy: "no-referrer",
      redirect: "error",
      mode: "same-origin",
    });
    if (!response.ok) throw await refusal(response, watch);
    return await readBody(response, request.answerLimitInBytes, watch, request.onBytes);
  } catch (error) {
    if (signal.aborted) throw signal.reason;
    if (error instanceof RefusedError || error instanceof NetworkError) throw error;
    throw new NetworkError("no answer");
  } finally {
    watch.stop();
  }
}

/** Aborts when the caller does, or when nothing happened for as long as was allowed. */
class Watch {
  readonly #controller = new AbortController();
  readonly #caller: AbortSignal;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(caller: AbortSignal) {
    this.#caller = caller;
    caller.addEventListener("abort", this.#abort);
  }

  readonly #abort = (): void => this.#controller.abort();

  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  allow(seconds: number): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(this.#abort, seconds * 1000);
  }

  stop(): void {
    clearTimeout(this.#timer);
    this.#caller.removeEventListener("abort", this.#abort);
  }
}

async function readBody(
  response: Response,
  limitInBytes: number,
  watch: Watch,
  onBytes?: (received: number) => void,
): Promise<Bytes> {
  const parts: Uint8Array[] = [];
  let size = 0;
  const reader = response.body?.getReader();
  while (reader !== undefined) {
    watch.allow(StallLimitInSeconds);
    const { done, value } = await reader.read();
    if (done) break;
    size += value.length;
    if (size > limitInBytes) {
      await reader.cancel();
      throw new NetworkError("a longer answer than there can be");
    }
    parts.push(value);
    onBytes?.(size);
  }
  return concat(...parts);
}

async function refusal(response: Response, watch: Watch): Promise<RefusedError> {
  let title = "";
  let type = "";
  try {
    if (response.headers.get("Content-Type")?.startsWith("application/problem+json")) {
      const problem = asObject(parseStrict(await readBody(response, ProblemLimitInBytes, watch)));
      title = text(problem, "title").slice(0, MaximumTitleInCharacters);
      const named = problem.get("type");
      if (typeof named === "string") type = named;
    }
  } catch {
    // a refusal without a sentence is still a refusal
  }
  const seconds = Number(response.headers.get("Retry-After") ?? "");
  const known = Number.isSafeInteger(seconds) && seconds > 0;
  return new RefusedError(response.status, title, known ? seconds : DefaultRetryInSeconds, type);
}
