/** Why a sealed file could not be opened; the classes of the official test vectors. */
export type AgeFailure = "header" | "no match" | "mac" | "payload";

/** An attacker's bytes, never a caller's mistake. */
export class AgeError extends Error {
  constructor(readonly failure: AgeFailure) {
    super(`not a sealed file for this key: ${failure}`);
  }
}
