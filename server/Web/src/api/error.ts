/** No answer: the line is broken, or it took too long. Whether the server got the request is not known. */
export class NetworkError extends Error {}

/** The server said no. `title` is its one sentence: plain text, never markup. */
export class RefusedError extends Error {
  constructor(
    readonly status: number,
    readonly title: string,
    readonly retryAfterSeconds: number,
    /** What RFC 9457 calls the problem type; an empty text where there is none. */
    readonly type = "",
  ) {
    super(title);
  }
}

/** An answer that is not what the protocol says. */
export class BadAnswerError extends Error {}
