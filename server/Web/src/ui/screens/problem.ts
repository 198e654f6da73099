import type { VisitProblem } from "../../types.ts";
import type { Texts } from "../../locales/index.ts";
import type { App } from "../app.ts";
import { h, type Child } from "../dom.ts";
import { showBytes, showTime } from "../format.ts";
import { button, title } from "../frame.ts";
import { ids } from "../ids.ts";
import { isolate } from "../readers.ts";
import { refusalReason } from "../refusal.ts";
import { resumeVisit } from "../visit.ts";
import { channels } from "./start.ts";

/** A visit that did not end well: what happened, what it means, what to do. Never a dead end. */
export function problem(app: App): Child {
  const { visit } = app.state;
  if (!visit) return null;
  const texts = app.texts.problem;
  const check = visit.intent.kind === "check";
  const outcome = visit.result?.upload;
  const reason = outcome && !outcome.ok ? outcome.problem : null;
  const found = visit.result?.conversation.replies.length ?? 0;
  const retry = button(ids.retry, texts.retry, () => void resumeVisit(app));
  return [
    title(check ? texts.titleCheck : texts.title),
    h("p", { id: ids.reason, class: "lead" }, reason ? explain(reason, app.texts) : texts.reasons.unknown),
    visit.intent.kind !== "check" && [
      h("p", null, texts.kept),
      reason && isFull(reason) && visit.intent.draft.files.length > 0 && h("p", { id: ids.withoutFiles }, texts.withoutFiles),
    ],
    found > 0 &&
      h(
        "p",
        null,
        app.texts.done.replies(found),
        " ",
        button(ids.showReplies, app.texts.done.showReplies, () => app.show("conversation"), "second"),
      ),
    h(
      "p",
      { class: "buttons" },
      mayRetry(reason) && retry,
      button(
        ids.edit,
        check ? app.texts.frame.back : texts.edit,
        () => app.show(visit.from),
        mayRetry(reason) ? "second" : "main",
      ),
    ),
    reason && app.state.drop && isTheirs(reason) && channels(app, app.state.drop),
  ];
}

const isFull = (problem: VisitProblem): boolean =>
  problem.kind === "busy" || (problem.kind === "drop" && problem.refusal.kind === "busy");

/** A drop that is closed, full or flooded still names its telephone and post; one whose roster fails is not believed. */
function isTheirs(problem: VisitProblem): boolean {
  return problem.kind === "drop" ? problem.refusal.kind !== "refused" : theirs.includes(problem.kind);
}

const theirs: readonly VisitProblem["kind"][] = ["closed", "busy", "refused", "too-much-work"];

/** Whether the same again can help. A roster that fails its check must not be tried until it holds. */
function mayRetry(problem: VisitProblem | null): boolean {
  switch (problem?.kind) {
    case "closed":
    case "too-large":
    case "text-too-long":
    case "file-changed":
    case "line-too-slow":
      return false;
    case "drop":
      return problem.refusal.kind === "unreachable" || problem.refusal.kind === "busy";
    default:
      return true;
  }
}

export function explain(problem: VisitProblem, texts: Texts): string {
  const { reasons } = texts.problem;
  switch (problem.kind) {
    case "closed":
      return reasons.closed;
    case "cancelled":
      return reasons.cancelled;
    case "network":
      return reasons.network;
    case "busy":
      return reasons.busy(showTime(problem.retryAfterSeconds, texts));
    case "refused":
      return `${reasons.refused} ${texts.problem.serverSays(isolate(problem.title))}`;
    case "too-much-work":
      return reasons.tooMuchWork;
    case "line-too-slow":
      return reasons.lineTooSlow(texts.time.hours(problem.hours));
    case "too-large":
      return reasons.tooLarge(showBytes(problem.limitInBytes, texts));
    case "text-too-long":
      return reasons.textTooLong;
    case "file-changed":
      return reasons.fileChanged(problem.name);
    case "roster-not-confirmed":
      return reasons.disagreed;
    case "drop":
      switch (problem.refusal.kind) {
        case "unreachable":
          return reasons.network;
        case "busy":
          return reasons.busy(showTime(60, texts));
        case "not-set-up":
          return reasons.closed;
        case "refused":
          return `${reasons.roster} ${texts.blocked.refused.reasons[refusalReason(problem.refusal.check)]}`;
      }
  }
}
