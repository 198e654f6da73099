import type { ShownReply } from "../../types.ts";
import type { App } from "../app.ts";
import { h, type Child } from "../dom.ts";
import { showDay, showLastDay } from "../format.ts";
import { back, button, section, title, warning } from "../frame.ts";
import { ids } from "../ids.ts";
import { isolate, reviewerName } from "../readers.ts";

/** What came for these words, oldest first; how much could not be checked; and how to write again. */
export function conversation(app: App): Child {
  const { visit, drop } = app.state;
  if (!visit?.result) return null;
  const texts = app.texts.conversation;
  const { replies, uncheckedCount, unreachableDays } = visit.result.conversation;
  const newest = replies.at(-1);
  return [
    back(app, () => app.show(visit.intent.kind === "check" ? "words" : visit.result?.upload.ok ? "done" : "problem")),
    title(texts.title(replies.length)),
    newest && replies.length > 1 && h("p", { class: "lead" }, texts.newest(showDay(newest.day, app.texts))),
    clockWarning(app),
    unreachableDays.length > 0 && warning(ids.unreachableDays, h("p", null, texts.daysUnread(unreachableDays.length))),
    replies.length === 0 && nothing(app),
    h(
      "ol",
      { id: ids.replies },
      replies.map((reply) => h("li", null, show(app, reply))),
    ),
    uncheckedCount > 0 && warning(ids.unchecked, h("p", null, texts.unchecked(uncheckedCount))),
    visit.intent.kind === "check" &&
      !visit.result.upload.ok &&
      visit.result.upload.problem.kind !== "closed" &&
      h("p", { id: ids.decoyFailed, class: "hint" }, texts.decoyFailed),
    visit.intent.kind === "check" && !drop?.closed && again(app),
    h("p", { class: "hint" }, texts.close),
    h(
      "p",
      { class: "buttons" },
      button(ids.finish, texts.finish, () => app.leave()),
    ),
  ];
}

function nothing(app: App): Child {
  const texts = app.texts.conversation;
  return h(
    "div",
    { id: ids.nothing },
    h("p", { class: "lead" }, texts.nothing),
    h("ul", null, h("li", null, texts.nothingUnread), h("li", null, texts.nothingWrong)),
    h("p", null, texts.nothingOld),
  );
}

function show(app: App, reply: ShownReply): Child {
  const texts = app.texts.conversation;
  const name = reviewerName(app, reply.signerName);
  const kinds: Readonly<Record<string, string>> = texts.kinds;
  const note = Object.hasOwn(kinds, reply.kind)
    ? kinds[reply.kind]
    : reply.kind === "message"
      ? null
      : texts.unknownKind(isolate(reply.kind));
  return [
    h("h2", null, showDay(reply.day, app.texts)),
    h(
      "p",
      { class: "hint" },
      (reply.former ? texts.former : texts.from)(name),
      " · ",
      texts.stays(showLastDay(reply.deadDropDay, app.texts)),
    ),
    note && h("p", null, note),
    reply.missingParts.length > 0 &&
      h("p", { class: "error" }, texts.missingParts(app.texts.list(reply.missingParts.map(String)), reply.parts)),
    reply.message !== "" &&
      h(
        "div",
        { class: "verbatim message", dir: "auto", translate: "no" },
        reply.pieces.map((piece) => piece ?? h("em", null, texts.gap)),
      ),
  ];
}

/** Said after a visit only: before one, the page has not asked the server for its days. */
export function clockWarning(app: App): Child {
  const found = app.state.visit?.result?.conversation;
  if (!found?.clockDisagrees || found.serverDay === null) return null;
  return warning(
    ids.warningClock,
    h("p", null, app.texts.conversation.clock(showDay(found.today, app.texts), showDay(found.serverDay, app.texts))),
  );
}

function again(app: App): Child {
  const texts = app.texts.conversation;
  return section(
    texts.answerTitle,
    h("p", null, texts.answerWhy),
    h("p", null, texts.answerSafest),
    h("p", null, texts.answerNow),
    h(
      "p",
      { class: "buttons" },
      button(
        ids.writeAgain,
        texts.write,
        () => {
          app.state.followUp = true;
          app.show("report");
        },
        "second",
      ),
    ),
  );
}
