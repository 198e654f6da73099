import type { App } from "../app.ts";
import { distinctPositions } from "../chance.ts";
import { h, type Child } from "../dom.ts";
import { back, button, title } from "../frame.ts";
import { ids } from "../ids.ts";

/** The 12 words, shown once, before anything is written: who sees them last forgets them first. */
export function codename(app: App): Child {
  const { state } = app;
  if (!state.codename) return null;
  const texts = app.texts.codename;
  return [
    back(app, () => app.show("start")),
    title(texts.title),
    h("p", { class: "lead" }, texts.lead),
    h(
      "ol",
      { id: ids.words, class: "words", translate: "no", lang: state.codenameLanguage, "aria-label": texts.shown },
      app.core.words(state.codename, state.codenameLanguage).map((word) => h("li", null, word)),
    ),
    h("p", null, texts.paper),
    h("p", null, texts.keep),
    h(
      "p",
      { class: "buttons" },
      button(ids.next, texts.next, () => {
        state.asked = distinctPositions(3, 12).map((position) => ({ position, typed: "" }));
        app.show("confirm");
      }),
    ),
    languageChoice(app),
  ];
}

function languageChoice(app: App): Child {
  const { state } = app;
  const texts = app.texts.codename;
  const other = state.codenameLanguage === "en" ? "zh-Hans" : "en";
  return h(
    "section",
    null,
    h("h2", null, texts.languageTitle),
    h("p", null, texts.languageHint),
    h(
      "p",
      null,
      button(
        ids.wordsLanguage,
        other === "en" ? texts.english : texts.chinese,
        () => {
          state.codenameLanguage = other;
          app.redraw();
        },
        "second",
      ),
    ),
  );
}
