import { parseRecipient } from "../age/bech32.ts";
import { isValidPublicKey } from "../age/validate.ts";
import { utf8 } from "../bytes.ts";
import { daysBetween } from "../days.ts";
import { asObject, day, format, integer, object, text } from "../json/members.ts";
import { parseStrict } from "../json/strict.ts";
import { parsePublicKey } from "../minisign/key.ts";
import { checkStatement } from "../minisign/statement.ts";
import type { ChosenRecipient, Roster } from "../types.ts";
import type { SignedText } from "./parse.ts";

/** The most days a statement may cover, ends included, so that a stolen signing key cannot speak for long. */
const MaximumSpanInDays = 31;

interface Candidate {
  readonly signed: SignedText;
  readonly signingKey: string;
  readonly serial: number;
  readonly key: string;
}

/** Who can be sealed to on `today`: per reviewer its statement with the highest serial, else the roster's own key. */
export async function chooseRecipients(
  roster: Roster,
  statements: readonly SignedText[],
  today: string,
): Promise<{ recipients: ChosenRecipient[]; missing: number[] }> {
  const candidates = statements.map((signed) => readCandidate(signed, roster, today)).filter((item) => item !== null);
  candidates.sort((a, b) => b.serial - a.serial);
  const recipients: ChosenRecipient[] = [];
  const missing: number[] = [];
  for (const [index, reviewer] of roster.reviewers.entries()) {
    const own = candidates.filter((candidate) => candidate.signingKey === reviewer.signingKey);
    const key = await firstGood(own);
    if (key !== null) {
      recipients.push({ reviewer: index, key, from: "statement" });
    } else if (daysBetween(today, reviewer.recipient.lastDay) >= 0) {
      recipients.push({ reviewer: index, key: reviewer.recipient.key, from: "roster" });
    } else {
      missing.push(index);
    }
  }
  return { recipients, missing };
}

/** A statement that fails in any way is passed over: one reviewer's mistake must not lock out the others. */
function readCandidate(signed: SignedText, roster: Roster, today: string): Candidate | null {
  try {
    const root = asObject(parseStrict(signed.statement));
    format(root, "securedrop-recipient/1");
    if (text(root, "dropKey") !== roster.dropKey) return null;
    const recipient = object(root, "recipient");
    const firstDay = day(recipient, "firstDay");
    const lastDay = day(recipient, "lastDay");
    if (daysBetween(firstDay, today) < 0 || daysBetween(today, lastDay) < 0) return null;
    if (daysBetween(firstDay, lastDay) + 1 > MaximumSpanInDays) return null;
    return { signed, signingKey: text(root, "signingKey"), serial: integer(root, "serial"), key: text(recipient, "key") };
  } catch {
    return null;
  }
}

async function firstGood(candidates: readonly Candidate[]): Promise<string | null> {
  for (const { signed, signingKey, key } of candidates) {
    if (!(await isRecipient(key))) continue;
    const signer = parsePublicKey(signingKey);
    if (signer === null) continue;
    if (checkStatement("recipient", utf8(signed.statement), signed.signature, signer) === null) return key;
  }
  return null;
}

/** Whether somebody can be sealed to under this key. */
export async function isRecipient(key: string): Promise<boolean> {
  const publicKey = parseRecipient(key);
  return publicKey !== null && isValidPublicKey(publicKey);
}
