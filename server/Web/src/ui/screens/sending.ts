import type { App } from "../app.ts";
import { h, type Child } from "../dom.ts";
import { button, title } from "../frame.ts";
import { ids } from "../ids.ts";
import { showProgress } from "../progress.ts";

export function sending(app: App): Child {
  const { visit } = app.state;
  if (!visit) return null;
  const texts = app.texts.sending;
  // Filled once it stands in the document.
  queueMicrotask(() => showProgress(app));
  return [
    title(visit.intent.kind === "check" ? texts.titleCheck : texts.title),
    h("p", { id: ids.step, class: "lead", role: "status" }),
    h("progress", { id: ids.progress, "aria-labelledby": ids.step, value: 0, max: 1, hidden: true }),
    h("p", { id: ids.amount }),
    h("p", { class: "hint" }, texts.keepOpen),
    h(
      "p",
      { class: "buttons" },
      button(
        ids.cancel,
        texts.cancel,
        () => {
          visit.abort.abort();
          showProgress(app);
        },
        "second",
      ),
    ),
  ];
}
