import { hex, randomBytes, sha256, utf8 } from "../bytes.ts";
import type { CodenameKeys } from "../codename/keys.ts";
import { toWellFormed } from "../json/strict.ts";
import type { DropView, ReportDraft } from "../types.ts";

export const ReportFormat = "securedrop-report/1";
/** With a text alone, so that it fits the smallest class. */
export const TextLimitInBytes = 62_976;
/** With at least one attachment. */
export const LimitInBytes = 2 ** 20;
export const MaximumAttachments = 5_000;

export type ReportKind = "report" | "follow-up" | "decoy";

export const limitInBytes = (draft: ReportDraft): number => (draft.files.length === 0 ? TextLimitInBytes : LimitInBytes);

export const attachmentPath = (index: number): string => `attachments/${String(index + 1).padStart(4, "0")}`;

/** What a report says of itself beside the draft. */
export interface ReportFrame {
  readonly kind: ReportKind;
  readonly id: string;
  readonly rosterRecipients: readonly string[];
  readonly conversation: { readonly recipient: string; readonly signingKey: string; readonly tagKey: string };
  /** Attachment digests, in the files' order, lower-case hex. */
  readonly digests: readonly string[];
}

export async function frameReport(
  kind: ReportKind,
  drop: DropView,
  keys: CodenameKeys,
  digests: readonly string[],
): Promise<ReportFrame> {
  const recipients = drop.recipients.map(async ({ key }) => hex(await sha256(utf8(key))));
  return {
    kind,
    id: hex(randomBytes(16)),
    rosterRecipients: await Promise.all(recipients),
    conversation: { recipient: keys.recipient, signingKey: keys.signingKey.text, tagKey: hex(keys.tag) },
    digests,
  };
}

/** `report.json`, its members in the order of the protocol's text. Lone surrogates become U+FFFD. */
export function writeReport(draft: ReportDraft, drop: DropView, frame: ReportFrame): string {
  const answers = Object.entries(draft.answers).map(([id, text]) => [toWellFormed(id), toWellFormed(text)]);
  return JSON.stringify({
    format: ReportFormat,
    id: frame.id,
    kind: frame.kind,
    day: drop.day,
    roster: { version: drop.roster.version, sha256: drop.rosterSha256, recipients: frame.rosterRecipients },
    conversation: frame.conversation,
    language: toWellFormed(draft.language),
    category: draft.category === null ? null : toWellFormed(draft.category),
    answers: Object.fromEntries(answers),
    message: toWellFormed(draft.message),
    contact: draft.contact === null ? null : toWellFormed(draft.contact),
    reward: draft.reward,
    attachments: draft.files.map((file, index) => ({
      path: attachmentPath(index),
      name: toWellFormed(file.name),
      type: toWellFormed(file.type),
      bytes: file.size,
      sha256: frame.digests[index],
      scrubbed: false,
    })),
  });
}

/** What a check sends: nothing, in the shape of something. */
export const emptyDraft: ReportDraft = {
  category: null,
  answers: {},
  message: "",
  contact: null,
  reward: false,
  language: "en",
  files: [],
};
