import type { App } from "../app.ts";
import type { Child } from "../dom.ts";
import { title } from "../frame.ts";
import type { ScreenName } from "../state.ts";
import { busy, closed, notSetUp, refused, tooOld, unreachable } from "./blocked.ts";
import { changed } from "./changed.ts";
import { codename } from "./codename.ts";
import { confirm } from "./confirm.ts";
import { conversation } from "./conversation.ts";
import { done } from "./done.ts";
import { problem } from "./problem.ts";
import { report } from "./report.ts";
import { sending } from "./sending.ts";
import { start } from "./start.ts";
import { words } from "./words.ts";

/** What each screen shows, drawn from the state alone. */
export const screens: Readonly<Record<ScreenName, (app: App) => Child>> = {
  opening: (app) => title(app.texts.frame.opening),
  start,
  "too-old": tooOld,
  "not-set-up": notSetUp,
  refused,
  unreachable,
  busy,
  closed,
  codename,
  confirm,
  report,
  sending,
  changed,
  problem,
  done,
  words,
  conversation,
};
