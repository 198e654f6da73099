import type { App } from "../app.ts";
import { h, type Child } from "../dom.ts";
import { button, title } from "../frame.ts";
import { showDay, showTime } from "../format.ts";
import { ids } from "../ids.ts";
import { refusalReason } from "../refusal.ts";
import { channels, notices } from "./start.ts";

const tryAgain = (app: App): Child =>
  h(
    "p",
    { class: "buttons" },
    button(ids.tryAgain, app.texts.blocked.tryAgain, () => void app.open()),
  );

export function tooOld(app: App): Child {
  const texts = app.texts.blocked.tooOld;
  return [title(texts.title), h("p", { id: ids.reason, class: "lead" }, texts.lead), h("p", null, texts.next)];
}

export function notSetUp(app: App): Child {
  const texts = app.texts.blocked.notSetUp;
  return [
    title(texts.title),
    h("p", { id: ids.reason, class: "lead" }, texts.lead),
    h("p", null, texts.next),
    tryAgain(app),
  ];
}

/** The server, or somebody before it, shows a roster that does not hold: nothing it says can be trusted, channels included. */
export function refused(app: App): Child {
  const texts = app.texts.blocked.refused;
  const check = app.state.refusal?.check;
  return [
    title(texts.title),
    h("p", { class: "lead" }, texts.lead),
    h("h2", null, texts.reason),
    h("p", { id: ids.reason }, texts.reasons[refusalReason(check)]),
    h("p", null, texts.next),
    check !== undefined && h("p", { id: ids.check, class: "hint" }, texts.technical(check)),
    tryAgain(app),
  ];
}

export function unreachable(app: App): Child {
  const texts = app.texts.blocked.unreachable;
  return [
    title(texts.title),
    h("p", { id: ids.reason, class: "lead" }, texts.lead),
    h("p", null, texts.next),
    tryAgain(app),
  ];
}

/** It answered, and may give the roster in a moment. */
export function busy(app: App): Child {
  const texts = app.texts.blocked;
  return [
    title(texts.busy),
    h("p", { id: ids.reason, class: "lead" }, texts.unreachable.lead),
    h("p", null, app.texts.problem.reasons.busy(showTime(60, app.texts))),
    tryAgain(app),
  ];
}

/** The roster holds but there is nobody to seal to. Replies can still be read. */
export function closed(app: App): Child {
  const drop = app.state.drop;
  if (!drop) return null;
  const texts = app.texts.blocked.closed;
  const expired = drop.roster.expires < drop.day;
  return [
    title(texts.title),
    h(
      "p",
      { id: ids.reason, class: "lead" },
      expired ? texts.expired(showDay(drop.roster.expires, app.texts)) : texts.nobody,
    ),
    drop.roster.channels.length === 0 && h("p", null, texts.noChannels),
    h("p", null, texts.words),
    h(
      "p",
      { class: "buttons" },
      button(ids.haveWords, app.texts.start.haveWords, () => app.show("words"), "second"),
    ),
    channels(app, drop),
    notices(app, drop),
  ];
}
