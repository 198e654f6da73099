import type {
  Codename,
  DropRefusal,
  DropView,
  ReportDraft,
  VisitIntent,
  VisitProgress,
  VisitResult,
} from "../types.ts";
import type { Language } from "../locales/index.ts";

export type ScreenName =
  | "opening"
  | "start"
  | "too-old"
  | "not-set-up"
  | "refused"
  | "unreachable"
  | "busy"
  | "closed"
  | "codename"
  | "confirm"
  | "report"
  | "sending"
  | "changed"
  | "problem"
  | "done"
  | "words"
  | "conversation";

/** A visit while it runs and until its result has been seen. */
export interface RunningVisit {
  readonly intent: VisitIntent;
  /** Where "cancel" and "back to what I wrote" lead. */
  readonly from: ScreenName;
  readonly abort: AbortController;
  progress: VisitProgress | null;
  result: VisitResult | null;
  /** Set when the visit ended without a result: an error nobody foresaw. */
  failed: boolean;
  /** The roster that changed meanwhile, and what to do with the person's answer. */
  changed: { drop: DropView; answer: (agreed: boolean) => void } | null;
}

/** A field that stands in the way of going on. */
export interface FieldError {
  readonly id: string;
  /** In the language of the moment: it may be switched while the error stands. */
  readonly text: () => string;
}

/**
 * All that the page knows, in one place: a change of language draws the same state again, and "Leave now" replaces it
 * as a whole. It lives in memory alone.
 */
export interface State {
  language: Language;
  screen: ScreenName;
  drop: DropView | null;
  refusal: DropRefusal | null;
  codename: Codename | null;
  /** The codename was typed in: a way back to what it told. */
  codenameTyped: boolean;
  /** The language the words are spelled in; English unless asked for, since an input method may send what is typed. */
  codenameLanguage: Language;
  asked: { readonly position: number; typed: string }[];
  typedWords: string[];
  followUp: boolean;
  draft: ReportDraft;
  /** Said about the files since the last change: announced and shown. */
  filesNote: { kind: "removed"; name: string; smaller: boolean } | { kind: "unreadable"; name: string } | null;
  errors: FieldError[];
  visit: RunningVisit | null;
}

export function emptyDraft(language: Language): ReportDraft {
  return { category: null, answers: {}, message: "", contact: null, reward: false, language, files: [] };
}

export function newState(language: Language): State {
  return {
    language,
    screen: "opening",
    drop: null,
    refusal: null,
    codename: null,
    codenameTyped: false,
    codenameLanguage: "en",
    asked: [],
    typedWords: Array.from({ length: 12 }, () => ""),
    followUp: false,
    draft: emptyDraft(language),
    filesNote: null,
    errors: [],
    visit: null,
  };
}

/** What was answered. Own members only: a roster is free to give a question the id "constructor". */
export const answerTo = ({ answers }: ReportDraft, id: string): string =>
  Object.hasOwn(answers, id) ? (answers[id] ?? "") : "";

/**
 * A first report speaks under a codename of its own: under one that was typed in to look for replies, it would be tied to
 * what that one told, and the old words would be shown. One that was made here stays: it may be on paper already.
 */
export function beginConversation(state: State, generate: () => Codename): void {
  if (state.codename === null || state.codenameTyped) state.codename = generate();
  state.codenameTyped = false;
  state.followUp = false;
}

/** Whether closing the window would lose something a person would miss. */
export function hasUnsaved(state: State): boolean {
  const draft = state.draft;
  const written =
    draft.message !== "" ||
    draft.files.length > 0 ||
    (draft.contact ?? "") !== "" ||
    Object.values(draft.answers).some((answer) => answer !== "");
  const firstReport =
    state.codename !== null && !state.followUp && ["codename", "confirm", "report"].includes(state.screen);
  return written || firstReport || state.screen === "sending" || state.screen === "changed";
}
