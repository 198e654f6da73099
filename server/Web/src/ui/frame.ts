import { locales, type Language } from "../locales/index.ts";
import type { App } from "./app.ts";
import { h, type Child } from "./dom.ts";
import { ids } from "./ids.ts";

/** Always in sight: whose drop this is, the language, and the way out. */
export function header(app: App, languages: readonly Language[]): Child {
  const frame = app.texts.frame;
  return [
    h("p", { id: ids.dropName }, h("bdi", null, app.dropName)),
    h(
      "div",
      { class: "tools" },
      h(
        "div",
        { role: "group", "aria-label": frame.language, class: "languages" },
        languages.map((language) =>
          h(
            "button",
            {
              id: ids.language(language),
              type: "button",
              lang: language,
              "aria-pressed": language === app.state.language ? "true" : "false",
              onclick: () => app.setLanguage(language),
            },
            locales[language].ownName,
          ),
        ),
      ),
      h(
        "button",
        { id: ids.leave, type: "button", "aria-describedby": "leave-hint", onclick: () => app.leave() },
        frame.leave,
      ),
      h("span", { id: "leave-hint", class: "unseen" }, frame.leaveHint),
    ),
  ];
}

/** The one h1 of a screen, to which focus moves. */
export function title(text: string): HTMLElement {
  return h("h1", { id: ids.title, tabindex: -1 }, text);
}

export function back(app: App, onclick: () => void): HTMLElement {
  return h(
    "p",
    null,
    h("button", { id: ids.back, type: "button", class: "quiet", onclick }, `← ${app.texts.frame.back}`),
  );
}

/** A warning: a frame and a text, no colour or picture that would be needed to understand it. */
export function warning(id: string, ...children: Child[]): HTMLElement {
  return h("div", { id, class: "warning" }, children);
}

export function section(heading: string, ...children: Child[]): HTMLElement {
  return h("section", null, h("h2", null, heading), children);
}

export function button(
  id: string,
  text: string,
  onclick: () => void,
  kind: "main" | "second" | "quiet" = "main",
): HTMLElement {
  return h("button", { id, type: "button", class: kind, onclick }, text);
}
