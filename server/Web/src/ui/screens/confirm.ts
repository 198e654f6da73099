import type { App } from "../app.ts";
import { h, type Child } from "../dom.ts";
import { errorSummary, form, stoppedBy, textField } from "../fields.ts";
import { back, button, title } from "../frame.ts";
import { ids } from "../ids.ts";
import type { FieldError } from "../state.ts";
import { normalWord } from "../wordlist.ts";

/** Three of the words typed back: a proof, while they can still be shown, that the paper is right. */
export function confirm(app: App): Child {
  const { state } = app;
  const texts = app.texts.confirm;
  const again = (): void => app.show("codename");
  return [
    back(app, again),
    title(texts.title),
    h("p", { class: "lead" }, texts.lead),
    errorSummary(app),
    form(
      () => check(app),
      state.asked.map((asked, index) =>
        textField(app, {
          id: ids.confirm(index + 1),
          label: texts.word(asked.position),
          value: asked.typed,
          isWord: true,
          attributes: { "data-position": asked.position, class: "short" },
          oninput: (value) => (asked.typed = value),
        }),
      ),
      h(
        "p",
        { class: "buttons" },
        h("button", { id: ids.next, class: "main" }, texts.next),
        button(ids.showAgain, texts.showAgain, again, "second"),
      ),
    ),
  ];
}

function check(app: App): void {
  const { state } = app;
  if (!state.codename) return;
  const codename = state.codename;
  const errors: FieldError[] = [];
  state.asked.forEach(({ position, typed }, index) => {
    // In either spelling: a person may have written down both.
    const right = (["en", "zh-Hans"] as const).some(
      (language) => app.core.words(codename, language)[position - 1] === normalWord(typed),
    );
    const isEmpty = typed.trim() === "";
    if (!right)
      errors.push({
        id: ids.confirm(index + 1),
        text: () => (isEmpty ? app.texts.confirm.empty : app.texts.confirm.wrong)(position),
      });
  });
  if (stoppedBy(app, errors)) return;
  state.asked = [];
  app.show("report");
}
