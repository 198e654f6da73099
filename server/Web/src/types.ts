/** Texts by language tag, for example `{"en": "Other", "zh-Hans": "其他"}`. */
export type Texts = Readonly<Record<string, string>>;

/** The languages of the page and of its word lists. */
export type Language = "en" | "zh-Hans";

/** A key at the end of its life: the last day (UTC, `2026-11-24`) it is good for. */
export interface RosterRecipient {
  readonly key: string;
  readonly lastDay: string;
}

export interface RosterReviewer {
  readonly name: Texts | null;
  readonly signingKey: string;
  readonly sessionKey: string;
  readonly recipient: RosterRecipient;
}

export interface FormerReviewer {
  readonly name: Texts | null;
  readonly signingKey: string;
  readonly lastDay: string;
}

export interface RosterCategory {
  readonly id: string;
  readonly label: Texts;
}

export interface RosterQuestion extends RosterCategory {
  readonly required: boolean;
}

export interface RosterChannel {
  readonly kind: "telephone" | "post" | "email" | "web" | "other";
  readonly value: string;
  readonly label: Texts;
}

export interface RosterNotice {
  readonly day: string;
  readonly title: Texts;
  readonly text: Texts;
}

/** `roster.json`, after its signature and members were checked. Days are UTC, ends included. */
export interface Roster {
  readonly requires: readonly string[];
  readonly dropKey: string;
  readonly name: Texts;
  readonly version: number;
  readonly issued: string;
  readonly expires: string;
  readonly origins: readonly string[];
  readonly reviewers: readonly RosterReviewer[];
  readonly former: readonly FormerReviewer[];
  readonly form: { readonly categories: readonly RosterCategory[]; readonly questions: readonly RosterQuestion[] };
  readonly channels: readonly RosterChannel[];
  readonly notices: readonly RosterNotice[];
  readonly shardBits: number;
}

/** A key that reports are sealed to today. */
export interface ChosenRecipient {
  /** Index in the roster's `reviewers`. */
  readonly reviewer: number;
  readonly key: string;
  readonly from: "statement" | "roster";
}

/** What the page knows of a drop after its roster was verified. */
export interface DropView {
  readonly roster: Roster;
  /** SHA-256 of the roster's bytes, lower-case hex. */
  readonly rosterSha256: string;
  /** The drop's first key (`RW…`): the one in links. */
  readonly dropKeyText: string;
  /** The key that was in the link, or null. */
  readonly linkKey: string | null;
  /** True where the link's key leads to this roster; false where there was none. */
  readonly linkVouches: boolean;
  readonly recipients: readonly ChosenRecipient[];
  /** Reviewers (indexes) without a key for today. */
  readonly missing: readonly number[];
  /** Nobody left to seal to, or the roster expired: no report can be sent. */
  readonly closed: boolean;
  /** The day (UTC, this machine's clock) of the choice. */
  readonly day: string;
}

export interface DropRefusal {
  readonly kind: "not-set-up" | "refused" | "unreachable" | "busy";
  /** Which check failed: `broken link`, `link`, `dropKey`, `signature`, `key number`, `requires`, `roster.json`, … */
  readonly check?: string;
  /** The server's one sentence, where it gave one. */
  readonly title?: string;
}

/** What the form holds. */
export interface ReportDraft {
  readonly category: string | null;
  readonly answers: Readonly<Record<string, string>>;
  readonly message: string;
  readonly contact: string | null;
  readonly reward: boolean;
  readonly language: string;
  readonly files: readonly File[];
}

/** The finished `report.json` in bytes, and how many it may have. */
export interface ReportSize {
  readonly used: number;
  readonly limit: number;
}

/** What would be sent: sealed bytes (padding included) and the class of the plaintext. */
export interface UploadSize {
  readonly classBytes: number;
  readonly sealedBytes: number;
  /** Over the largest class or over 5,000 files: cannot be sealed. */
  readonly tooLarge: boolean;
}

export interface VisitProgress {
  readonly step: "roster" | "dead-drops" | "ticket" | "work" | "waiting" | "sealing" | "sending";
  readonly doneBytes: number;
  /** 0 where it is not known. */
  readonly totalBytes: number;
  /** At the proof of work: how long it takes on the average, whatever was done so far. */
  readonly secondsLeft?: number;
}

export type VisitIntent =
  | { readonly kind: "report" | "follow-up"; readonly draft: ReportDraft }
  | { readonly kind: "check" };

/** Why an upload did not succeed. `title` is the server's own sentence (English, plain text). */
export type VisitProblem =
  | { readonly kind: "closed" }
  | { readonly kind: "cancelled" }
  | { readonly kind: "network" }
  | { readonly kind: "busy"; readonly title: string; readonly retryAfterSeconds: number }
  | { readonly kind: "refused"; readonly status: number; readonly title: string }
  | { readonly kind: "too-much-work"; readonly difficulty: number }
  | { readonly kind: "line-too-slow"; readonly hours: number }
  | { readonly kind: "too-large"; readonly limitInBytes: number }
  | { readonly kind: "text-too-long"; readonly used: number; readonly limit: number }
  | { readonly kind: "file-changed"; readonly name: string }
  | { readonly kind: "roster-not-confirmed" }
  | { readonly kind: "drop"; readonly refusal: DropRefusal };

/** One reply, its parts joined. Hostile until its signature held; the text is shown as text only. */
export interface ShownReply {
  /** The day (UTC) of writing. */
  readonly day: string;
  /** The day of its dead drop; of several, the first that ends: from then on it is no longer whole. */
  readonly deadDropDay: string;
  readonly signerName: Texts | null;
  /** `RW…` key of the signer. */
  readonly signerKey: string;
  /** Index in `roster.reviewers`, or in `roster.former` where `former`. */
  readonly signer: number;
  readonly former: boolean;
  /** `message`, `receipt`, `reward`, `closed`, or another one, shown as such. */
  readonly kind: string;
  /** The parts that are there, joined without separator. */
  readonly message: string;
  /** How the parts that are there and the gaps follow each other; `null` is a missing part. */
  readonly pieces: readonly (string | null)[];
  readonly parts: number;
  /** From 1. */
  readonly missingParts: readonly number[];
}

export interface Conversation {
  /** Oldest first. */
  readonly replies: readonly ShownReply[];
  /** Slots that matched the codename but could not be opened, verified or joined. */
  readonly uncheckedCount: number;
  /** The newest day of the server's index is neither today nor the day before. */
  readonly clockDisagrees: boolean;
  readonly serverDay: string | null;
  readonly today: string;
  /** Days whose dead drop could not be fetched: replies may be missing. */
  readonly unreachableDays: readonly string[];
  /** False where the visit ended before the index of dead drops was read. */
  readonly indexRead: boolean;
}

export type UploadOutcome = { readonly ok: true } | { readonly ok: false; readonly problem: VisitProblem };

export interface VisitResult {
  readonly conversation: Conversation;
  readonly upload: UploadOutcome;
  /** The drop as this visit saw it, if it got that far and the source has seen who reads there. */
  readonly drop?: DropView;
  /** There after a failure that can be mended: goes on with the sealed parts as they are, else starts a new visit. */
  readonly resume?: (again: { onProgress: (p: VisitProgress) => void; signal: AbortSignal }) => Promise<VisitResult>;
}

export interface VisitOptions {
  readonly drop: DropView;
  readonly codename: Codename;
  readonly intent: VisitIntent;
  readonly onProgress: (progress: VisitProgress) => void;
  readonly signal: AbortSignal;
  /** Asked where the reviewers changed since `drop` was shown, in a check too. Without it the answer is no. */
  readonly confirmRoster?: (changed: DropView) => Promise<boolean>;
}

/** 128 bits of BIP-39 entropy: the way back. Never stored, never sent. */
export interface Codename {
  readonly entropy: Uint8Array<ArrayBuffer>;
}

export interface CodenameError {
  /** `count`: not 12 words; `word`: not in any list; `checksum`: words that do not belong together. */
  readonly error: "count" | "word" | "checksum";
  readonly word?: string;
  /** From 0. */
  readonly index?: number;
}
