/**
 * Every id that style, tests and focus rely on, in one place. Ids never change with the language.
 * Numbered ids count as a person does, from 1.
 *
 * | where | ids |
 * |---|---|
 * | every screen | `main` (its `data-screen` names the screen), `title` (the h1), `drop-name`, `language-en`, `language-zh-Hans`, `leave`, `status` (live region), `back` |
 * | start | `write`, `have-words`, `readers`, `vouched` or `not-vouched`, `key`, `safer`, `warning-app`, `address`, `warning-tor`, `warning-origin`, `warning-clock`, `channels`, `notices` |
 * | too-old | `title` |
 * | not-set-up, refused, unreachable, busy, closed | `reason`, `check` (refused), `try-again`, `have-words` and `channels` (closed) |
 * | codename | `words` (its `li`, in order), `words-language`, `next` |
 * | confirm | `confirm-1` … `confirm-3` (each with `data-position`, 1 to 12), `errors`, `next`, `show-again` |
 * | report | `category-1` …, `question-1` …, `message`, `room`, `files`, `file-list`, `remove-1` …, `file-warning`, `files-note`, `contact`, `reward`, `errors`, `send` |
 * | sending | `step`, `progress`, `amount`, `cancel` |
 * | changed | `readers`, `agree`, `disagree`; in a check `next` |
 * | problem | `reason`, `without-files`, `retry`, `edit`, `show-replies`, `channels` |
 * | done | `return-by`, `show-replies`, `finish` |
 * | words | `word-1` … `word-12`, `suggestions`, `errors`, `check-replies`, `follow-up` |
 * | conversation | `nothing`, `replies` (its `li`, oldest first), `unchecked`, `unreachable-days`, `decoy-failed`, `warning-clock`, `write-again`, `finish` |
 */
export const ids = {
  main: "main",
  title: "title",
  dropName: "drop-name",
  language: (language: string): string => `language-${language}`,
  leave: "leave",
  status: "status",
  back: "back",

  write: "write",
  haveWords: "have-words",
  readers: "readers",
  vouched: "vouched",
  notVouched: "not-vouched",
  key: "key",
  safer: "safer",
  warningApp: "warning-app",
  address: "address",
  warningTor: "warning-tor",
  warningOrigin: "warning-origin",
  warningClock: "warning-clock",
  channels: "channels",
  notices: "notices",

  reason: "reason",
  check: "check",
  tryAgain: "try-again",

  words: "words",
  wordsLanguage: "words-language",
  next: "next",
  confirm: (number: number): string => `confirm-${number}`,
  showAgain: "show-again",

  category: (number: number): string => `category-${number}`,
  question: (number: number): string => `question-${number}`,
  message: "message",
  room: "room",
  files: "files",
  fileList: "file-list",
  remove: (number: number): string => `remove-${number}`,
  fileWarning: "file-warning",
  filesNote: "files-note",
  contact: "contact",
  reward: "reward",
  errors: "errors",
  send: "send",

  step: "step",
  progress: "progress",
  amount: "amount",
  cancel: "cancel",
  agree: "agree",
  disagree: "disagree",
  withoutFiles: "without-files",
  retry: "retry",
  edit: "edit",
  showReplies: "show-replies",
  returnBy: "return-by",
  finish: "finish",

  word: (number: number): string => `word-${number}`,
  suggestions: "suggestions",
  checkReplies: "check-replies",
  followUp: "follow-up",

  nothing: "nothing",
  replies: "replies",
  unchecked: "unchecked",
  unreachableDays: "unreachable-days",
  decoyFailed: "decoy-failed",
  writeAgain: "write-again",
} as const;
