import type { App } from "../app.ts";
import { h, type Child } from "../dom.ts";
import { errorSummary, form, stoppedBy } from "../fields.ts";
import { back, section, title } from "../frame.ts";
import { ids } from "../ids.ts";
import { beginVisit } from "../visit.ts";
import { complete } from "../wordlist.ts";
import { wordFields, wordLists } from "../wordfields.ts";

/** The way back: the words are checked on this device before anything is sent. */
export function words(app: App): Child {
  const { state } = app;
  const texts = app.texts.words;
  const closed = state.drop?.closed ?? false;
  return [
    back(app, () => app.show(closed ? "closed" : "start")),
    title(texts.title),
    h("p", { class: "lead" }, texts.lead),
    h("p", null, texts.notKept),
    errorSummary(app),
    form(
      () => lookForReplies(app),
      wordFields(app),
      h(
        "p",
        { class: "buttons" },
        h("button", { id: ids.checkReplies, class: "main" }, texts.replies),
        !closed &&
          h(
            "button",
            { id: ids.followUp, type: "button", class: "second", onclick: () => writeAgain(app) },
            texts.followUp,
          ),
      ),
    ),
    section(texts.why, h("p", null, texts.whyText)),
  ];
}

function lookForReplies(app: App): void {
  if (!takeWords(app)) return;
  void beginVisit(app, { kind: "check" }, "words");
}

function writeAgain(app: App): void {
  if (!takeWords(app)) return;
  app.state.followUp = true;
  app.state.visit = null;
  app.show("report");
}

/** Sets the codename if the words are one; otherwise says what is wrong with them. */
function takeWords(app: App): boolean {
  const { state } = app;
  const texts = (): typeof app.texts.words => app.texts.words;
  state.typedWords = state.typedWords.map((word) => complete(word, wordLists(app)));
  const missing = state.typedWords.findIndex((word) => word === "");
  if (missing >= 0) return !stoppedBy(app, [{ id: ids.word(missing + 1), text: () => texts().missing(missing + 1) }]);
  const parsed = app.core.parseCodename(state.typedWords.join(" "));
  if ("error" in parsed) {
    const at = (parsed.index ?? 0) + 1;
    const text = (): string =>
      parsed.error === "word" ? texts().unknown(at, parsed.word ?? "") : `${texts().checksum}${app.texts.space}${texts().offline}`;
    return !stoppedBy(app, [{ id: ids.word(at), text }]);
  }
  state.codename = parsed;
  state.codenameTyped = true;
  return true;
}
