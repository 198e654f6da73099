import { hex, sha256, utf8 } from "../bytes.ts";
import { daysBetween } from "../days.ts";
import { checkStatement } from "../minisign/statement.ts";
import type { DropView, Roster } from "../types.ts";
import { readChain } from "./chain.ts";
import { RosterError } from "./error.ts";
import { parseRoster, type RosterAnswer, UnknownRequirementError } from "./parse.ts";
import { chooseRecipients, isRecipient } from "./recipients.ts";

/**
 * Verifies what the server hands out: the chain of drop keys, that the link's key stands in it, that its last key signed
 * the roster and its first one is the roster's `dropKey`. All of these, or a server could name a first key of its own.
 * Throws `RosterError`. A roster that expired, or leaves nobody to seal to, is a drop that is closed, not an error.
 */
export async function verifyRoster(answer: RosterAnswer, linkKey: string | null, today: string): Promise<DropView> {
  const chain = readChain(answer.dropKey, answer.successors);
  if (linkKey !== null && !chain.some((key) => key.text === linkKey)) throw new RosterError("link");
  const bytes = utf8(answer.roster);
  const failed = checkStatement("roster", bytes, answer.signature, chain.at(-1)!);
  if (failed !== null) throw new RosterError(failed);
  const roster = parse(answer.roster);
  for (const { recipient } of roster.reviewers) {
    // As server and tool have it: a key that nobody can be sealed to is no key, wherever it stands in a roster.
    if (!(await isRecipient(recipient.key))) throw new RosterError("roster.json");
  }
  if (roster.dropKey !== chain[0]!.text) throw new RosterError("dropKey");

  const chosen = await chooseRecipients(roster, answer.recipients, today);
  const expired = daysBetween(today, roster.expires) < 0;
  // Nobody is shown as a reader of an expired roster: else those in it would pass for agreed to in the one after it.
  const recipients = expired ? [] : chosen.recipients;
  const missing = expired ? [...roster.reviewers.keys()] : chosen.missing;
  return {
    roster,
    rosterSha256: hex(await sha256(bytes)),
    dropKeyText: roster.dropKey,
    linkKey,
    linkVouches: linkKey !== null,
    recipients,
    missing,
    closed: recipients.length === 0,
    day: today,
  };
}

function parse(roster: string): Roster {
  try {
    return parseRoster(roster);
  } catch (error) {
    throw new RosterError(error instanceof UnknownRequirementError ? "requires" : "roster.json");
  }
}

/** Whether the same people can read, by the names shown: what a source agreed to. Renewed keys do not count. */
export function sameReaders(a: DropView, b: DropView): boolean {
  const readers = ({ roster, recipients }: DropView): string =>
    JSON.stringify([
      roster.dropKey,
      roster.reviewers.map(({ name, signingKey }) => [name, signingKey]),
      recipients.map(({ reviewer }) => reviewer),
    ]);
  return readers(a) === readers(b);
}
