import { open } from "../age/open.ts";
import { readArchive } from "../archive/read.ts";
import { type Bytes, fromUtf8 } from "../bytes.ts";
import type { CodenameKeys } from "../codename/keys.ts";
import { daysBetween } from "../days.ts";
import { asObject, day, format, hexText, integer, text } from "../json/members.ts";
import { parseStrict } from "../json/strict.ts";
import { parsePublicKey } from "../minisign/key.ts";
import { checkStatement } from "../minisign/statement.ts";
import type { Roster } from "../types.ts";

const PlaintextSizeInBytes = 8192;
const ReplyJsonLimitInBytes = 5632;
const SignatureLimitInBytes = 512;
/** A reply may wait this long for room in a batch. */
const MaximumAgeInDays = 14;
/** More parts than a reviewer's tool writes; bounds what a hostile signer makes the page list as missing. */
const MaximumParts = 1000;

/** One part of a reply, as it was signed, and where it lay. */
export interface Reply {
  readonly id: string;
  readonly day: string;
  readonly deadDropDay: string;
  readonly part: number;
  readonly parts: number;
  readonly kind: string;
  readonly message: string;
  readonly signer: Signer;
}

/** Who signed: an index in the roster's `reviewers`, or in its `former`. */
export interface Signer {
  readonly index: number;
  readonly former: boolean;
  readonly key: string;
}

/**
 * Opens a reply found in the dead drop of `deadDropDay` and checks all of it: null where anything is wrong, and then
 * nothing of it is shown. A reviewer who left is heard for what was signed up to the last day.
 */
export async function openReply(
  sealed: Bytes,
  keys: CodenameKeys,
  roster: Roster,
  deadDropDay: string,
): Promise<Reply | null> {
  try {
    const plaintext = await open(sealed, keys.identity);
    const members = plaintext.length === PlaintextSizeInBytes ? readArchive(plaintext) : null;
    const [json, signature] = members ?? [];
    if (members?.length !== 2 || json!.name !== "reply.json" || signature!.name !== "reply.json.minisig") return null;
    if (json!.content.length > ReplyJsonLimitInBytes || signature!.content.length > SignatureLimitInBytes) return null;
    const signer = findSigner(json!.content, fromUtf8(signature!.content), roster);
    const reply = signer && readReply(json!.content, signer, keys, roster, deadDropDay);
    if (!reply) return null;
    if (signer.former && daysBetween(reply.day, roster.former[signer.index]!.lastDay) < 0) return null;
    const age = daysBetween(reply.day, deadDropDay);
    return age >= 0 && age <= MaximumAgeInDays ? reply : null;
  } catch {
    return null; // a slot that is not right is never in the way of the others
  }
}

function findSigner(statement: Uint8Array, signature: string, roster: Roster): Signer | null {
  for (const former of [false, true]) {
    for (const [index, { signingKey }] of (former ? roster.former : roster.reviewers).entries()) {
      const key = parsePublicKey(signingKey)!;
      if (checkStatement("reply", statement, signature, key) === null) return { index, former, key: signingKey };
    }
  }
  return null;
}

function readReply(
  json: Uint8Array,
  signer: Signer,
  keys: CodenameKeys,
  roster: Roster,
  deadDropDay: string,
): Reply | null {
  const root = asObject(parseStrict(json));
  format(root, "securedrop-reply/1");
  if (text(root, "dropKey") !== roster.dropKey || text(root, "conversation") !== keys.signingKey.text) return null;
  const part = integer(root, "part");
  const parts = integer(root, "parts");
  if (part < 1 || part > parts || parts > MaximumParts) return null;
  return {
    id: hexText(16)(root, "id"),
    day: day(root, "day"),
    deadDropDay,
    part,
    parts,
    kind: text(root, "kind"),
    message: text(root, "message"),
    signer,
  };
}
