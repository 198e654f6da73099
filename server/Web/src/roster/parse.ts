import { parseRecipient } from "../age/bech32.ts";
import { utf8 } from "../bytes.ts";
import { daysBetween } from "../days.ts";
import { parsePublicKey } from "../minisign/key.ts";
import { array, asObject, day, format, integer, object, objects, text, textArray, texts, textsOrNull, boolean } from "../json/members.ts";
import { JsonError, type JsonObject, parseStrict } from "../json/strict.ts";
import type { FormerReviewer, Roster, RosterChannel, RosterReviewer } from "../types.ts";

/** Names in `requires` that this page knows how to honour: none yet. */
const KnownRequirements: readonly string[] = [];
const MaximumReviewers = 64;
const MaximumShardBits = 16;
const MaximumSizeInBytes = 2 ** 20;

/** The roster needs something this page does not know, and would do less than was asked for. */
export class UnknownRequirementError extends Error {}

/** Reads `roster.json`; throws `JsonError` or `UnknownRequirementError`. The signature is checked before. */
export function parseRoster(roster: string): Roster {
  if (utf8(roster).length > MaximumSizeInBytes) throw new JsonError("longer than a roster may be");
  const root = asObject(parseStrict(roster));
  format(root, "securedrop-roster/1");
  const requires = textArray(root, "requires");
  // First of all: an unknown requirement may well change what the rest means.
  if (requires.some((name) => !KnownRequirements.includes(name))) throw new UnknownRequirementError();

  const reviewers = objects(root, "reviewers").map(readReviewer);
  if (reviewers.length < 1 || reviewers.length > MaximumReviewers) throw new JsonError('"reviewers" must be 1 to 64');
  const keys = reviewers.flatMap((reviewer) => [reviewer.signingKey, reviewer.sessionKey, reviewer.recipient.key]);
  requireDifferent(keys, "a key stands twice");

  const issued = day(root, "issued");
  const expires = day(root, "expires");
  if (daysBetween(issued, expires) < 0) throw new JsonError('"expires" is before "issued"');
  const form = object(root, "form");
  const categories = objects(form, "categories").map((item) => ({ id: text(item, "id"), label: texts(item, "label") }));
  const questions = objects(form, "questions").map((item) => ({
    id: text(item, "id"),
    label: texts(item, "label"),
    required: boolean(item, "required"),
  }));
  // Answers stand under their question's id: of two with one id, one answer would be lost or read as the other's.
  requireDifferent(categories.map(({ id }) => id), "two categories have one id");
  requireDifferent(questions.map(({ id }) => id), "two questions have one id");
  const shardBits = integer(root, "shardBits");
  if (shardBits > MaximumShardBits) throw new JsonError('"shardBits" must be 0 to 16');
  return {
    requires,
    dropKey: minisignKey(root, "dropKey"),
    name: texts(root, "name"),
    version: integer(root, "version"),
    issued,
    expires,
    origins: textArray(root, "origins"),
    reviewers,
    former: objects(root, "former").map(readFormer),
    form: { categories, questions },
    channels: objects(root, "channels").map(readChannel),
    notices: objects(root, "notices").map((item) => ({
      day: day(item, "day"),
      title: texts(item, "title"),
      text: texts(item, "text"),
    })),
    shardBits,
  };
}

function requireDifferent(values: readonly string[], message: string): void {
  if (new Set(values).size !== values.length) throw new JsonError(message);
}

function minisignKey(from: JsonObject, name: string): string {
  const value = text(from, name);
  if (parsePublicKey(value) === null) throw new JsonError(`"${name}" must be a signing key`);
  return value;
}

function readReviewer(from: JsonObject): RosterReviewer {
  const recipient = object(from, "recipient");
  const key = text(recipient, "key");
  if (parseRecipient(key) === null) throw new JsonError('"key" must be a recipient');
  return {
    name: textsOrNull(from, "name"),
    signingKey: minisignKey(from, "signingKey"),
    sessionKey: minisignKey(from, "sessionKey"),
    recipient: { key, lastDay: day(recipient, "lastDay") },
  };
}

const readFormer = (from: JsonObject): FormerReviewer => ({
  name: textsOrNull(from, "name"),
  signingKey: minisignKey(from, "signingKey"),
  lastDay: day(from, "lastDay"),
});

const ChannelKinds: readonly string[] = ["telephone", "post", "email", "web", "other"];

function readChannel(from: JsonObject): RosterChannel {
  const kind = text(from, "kind");
  if (!ChannelKinds.includes(kind)) throw new JsonError('"kind" must be telephone, post, email, web or other');
  return { kind: kind as RosterChannel["kind"], value: text(from, "value"), label: texts(from, "label") };
}

/** A statement and its minisign signature, texts exactly as signed. */
export interface SignedText {
  readonly statement: string;
  readonly signature: string;
}

/** The answer of `GET /api/v1/roster`. */
export interface RosterAnswer {
  readonly dropKey: string;
  readonly successors: readonly SignedText[];
  readonly roster: string;
  readonly signature: string;
  readonly recipients: readonly SignedText[];
}

export function parseRosterAnswer(json: Uint8Array | string): RosterAnswer {
  const root = asObject(parseStrict(json));
  const signed = (name: string): SignedText[] =>
    array(root, name).map(asObject).map((item) => ({ statement: text(item, "statement"), signature: text(item, "signature") }));
  return {
    dropKey: text(root, "dropKey"),
    successors: signed("successors"),
    roster: text(root, "roster"),
    signature: text(root, "signature"),
    recipients: signed("recipients"),
  };
}
