import { type Bytes, concat, fromHex, hex, randomBytes, sha256, utf8 } from "../bytes.ts";

/** Above this a visitor would wait an hour; the page says so and does not begin. */
export const MaximumDifficulty = 24;
const AttemptsInFlight = 16;
const Iterations = 1000;
const NonceSizeInBytes = 8;
/** One solution is asked for every 64 parts. */
export const PartsPerBlock = 64;

export class TooMuchWorkError extends Error {
  constructor(readonly difficulty: number) {
    super("the server asks for too much work");
  }
}

/** The upload's name: the first 16 bytes of SHA-256(ticket), in hex. A ticket is good for one upload. */
export const uploadIdOf = async (ticket: string): Promise<string> => hex((await sha256(utf8(ticket))).slice(0, 16));

/** Upload id ‖ uint32 big endian of the block. */
export function saltOf(uploadId: string, block: number): Bytes {
  const number = new Uint8Array(4);
  new DataView(number.buffer).setUint32(0, block);
  return concat(fromHex(uploadId), number);
}

export function leadingZeroBits(bytes: Uint8Array): number {
  const first = bytes.findIndex((byte) => byte !== 0);
  return first < 0 ? 8 * bytes.length : 8 * first + Math.clz32(bytes[first]!) - 24;
}

/** One attempt: PBKDF2, which every browser does natively, so that the Safer level is no slower. */
export async function attempt(value: string, salt: Bytes): Promise<number> {
  const key = await crypto.subtle.importKey("raw", utf8(value), "PBKDF2", false, ["deriveBits"]);
  const bits = await crypto.subtle.deriveBits({ name: "PBKDF2", hash: "SHA-256", salt, iterations: Iterations }, key, 256);
  return leadingZeroBits(new Uint8Array(bits));
}

/**
 * The value of the `Ticket` header for one block: ticket, dot, nonce; null where `isUseful` ended first. `onAttempts` hears
 * of attempts made, of about 2^difficulty. Throws `TooMuchWorkError`, or the signal's reason. The work is WebCrypto's, on
 * threads of its own: between two attempts the page draws and takes input.
 */
export async function solve(
  ticket: string,
  difficulty: number,
  block: number,
  onAttempts: (attempts: number) => void,
  signal: AbortSignal,
  isUseful: () => boolean = () => true,
): Promise<string | null> {
  const fresh = (): string => `${ticket}.${hex(randomBytes(NonceSizeInBytes))}`;
  if (difficulty === 0) return fresh();
  if (difficulty > MaximumDifficulty) throw new TooMuchWorkError(difficulty);
  const salt = saltOf(await uploadIdOf(ticket), block);
  let found: string | null = null;
  let attempts = 0;
  const worker = async (): Promise<void> => {
    while (found === null && isUseful()) {
      signal.throwIfAborted();
      const value = fresh();
      if ((await attempt(value, salt)) >= difficulty) found ??= value;
      onAttempts(++attempts);
    }
  };
  await Promise.all(Array.from({ length: AttemptsInFlight }, worker));
  return found;
}
