/** Why a roster is refused; the page shows nothing of it then. */
export type RosterCheck =
  | "answer"
  | "dropKey"
  | "successor"
  | "link"
  | "signature"
  | "algorithm"
  | "key number"
  | "purpose"
  | "roster.json"
  | "requires"
  | "version";

export class RosterError extends Error {
  constructor(readonly check: RosterCheck) {
    super(`the roster is refused: ${check}`);
  }
}
