import type { App } from "../app.ts";
import { h, type Child } from "../dom.ts";
import { button, section, title } from "../frame.ts";
import { ids } from "../ids.ts";
import { readersSentence } from "../readers.ts";

/** The reviewers changed between reading who they are and sealing to them: the person decides again, or takes note. */
export function changed(app: App): Child {
  const { visit, drop } = app.state;
  if (!visit?.changed || !drop) return null;
  const texts = app.texts.changed;
  const { answer } = visit.changed;
  return [
    title(texts.title),
    h("p", { class: "lead" }, texts.lead),
    section(texts.now, h("p", { id: ids.readers }, readersSentence(app, visit.changed.drop))),
    section(texts.before, h("p", null, readersSentence(app, drop))),
    h(
      "p",
      { class: "buttons" },
      visit.intent.kind === "check"
        ? button(ids.next, app.texts.words.replies, () => answer(false))
        : [
            button(ids.agree, texts.agree, () => answer(true)),
            button(ids.disagree, texts.disagree, () => answer(false), "second"),
          ],
    ),
  ];
}
