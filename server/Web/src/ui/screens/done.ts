import type { App } from "../app.ts";
import { h, type Child } from "../dom.ts";
import { showLastDay } from "../format.ts";
import { button, section, title } from "../frame.ts";
import { ids } from "../ids.ts";
import { clockWarning } from "./conversation.ts";

export function done(app: App): Child {
  const { visit, drop } = app.state;
  if (!visit?.result || !drop) return null;
  const texts = app.texts.done;
  const { replies, today } = visit.result.conversation;
  return [
    title(texts.title),
    h("p", { class: "lead" }, texts.lead),
    clockWarning(app),
    replies.length > 0 &&
      section(
        texts.replies(replies.length),
        h(
          "p",
          null,
          button(ids.showReplies, texts.showReplies, () => app.show("conversation"), "second"),
        ),
      ),
    section(
      texts.next,
      h("p", null, texts.answer),
      h("p", { id: ids.returnBy }, texts.until(showLastDay(today, app.texts))),
      h("p", null, texts.paper),
    ),
    section(texts.closeTitle, h("p", null, texts.gone), h("p", null, texts.close)),
    h(
      "p",
      { class: "buttons" },
      button(ids.finish, texts.finish, () => app.leave()),
    ),
  ];
}
