import type { App } from "./app.ts";
import { byId, h, type Child } from "./dom.ts";
import { ids } from "./ids.ts";

/**
 * On every field itself and every form: Firefox's session restore keeps what was typed into a field without
 * `autocomplete="off"`, Chromium looks at the form. The others ask the keyboard not to learn or correct, the browser
 * not to check spelling or suggest (which some do on their maker's servers), and extensions not to read along.
 */
export const unrecorded = {
  autocomplete: "off",
  autocorrect: "off",
  autocapitalize: "off",
  spellcheck: "false",
  writingsuggestions: "false",
  "data-gramm": "false",
  "data-1p-ignore": true,
  "data-lpignore": "true",
  "data-bwignore": true,
  "data-form-type": "other",
} as const;

export function form(onsubmit: () => void, ...children: Child[]): HTMLElement {
  return h(
    "form",
    {
      autocomplete: "off",
      novalidate: true,
      onsubmit: (event: Event) => {
        // Never sent by the browser, which the policy forbids as well (form-action 'none').
        event.preventDefault();
        onsubmit();
      },
    },
    children,
  );
}

export interface TextField {
  readonly id: string;
  readonly label: Child;
  readonly hint?: Child;
  readonly value: string;
  readonly rows?: number;
  readonly required?: boolean;
  /** For words of the codename: never translated. */
  readonly isWord?: boolean;
  readonly attributes?: Readonly<Record<string, string | number | undefined>>;
  readonly oninput: (value: string) => void;
}

export function textField(app: App, field: TextField): HTMLElement {
  const attributes = {
    ...unrecorded,
    ...(field.isWord ? { translate: "no" } : { autocapitalize: "sentences" }),
    ...describe(app, field.id, field.hint !== undefined),
    "aria-required": field.required ? "true" : undefined,
    id: field.id,
    // No name: nothing that a browser could file the value under.
    value: field.value,
    oninput: (event: Event) => field.oninput((event.target as HTMLInputElement | HTMLTextAreaElement).value),
    ...field.attributes,
  };
  return h(
    "div",
    { class: "field" },
    h("label", { for: field.id }, field.label),
    field.hint !== undefined && h("p", { id: `${field.id}-hint`, class: "hint" }, field.hint),
    errorOf(app, field.id),
    field.rows === undefined
      ? h("input", { type: "text", ...attributes })
      : h("textarea", { rows: field.rows, ...attributes }),
  );
}

/** What a field's hint and error are called, for screen readers. */
export function describe(app: App, id: string, hasHint: boolean): Record<string, string | undefined> {
  const error = app.state.errors.some((one) => one.id === id);
  const by = [hasHint && `${id}-hint`, error && `${id}-error`].filter((one) => one !== false).join(" ");
  return { "aria-describedby": by === "" ? undefined : by, "aria-invalid": error ? "true" : undefined };
}

export function errorOf(app: App, id: string): Child {
  const error = app.state.errors.find((one) => one.id === id);
  return error && h("p", { id: `${id}-error`, class: "error" }, error.text());
}

/** All that stands in the way, on top; each leads to its field. (A link would overwrite the key after # in the address.) */
export function errorSummary(app: App): Child {
  const errors = app.state.errors;
  if (errors.length === 0) return null;
  return h(
    "div",
    { id: ids.errors, class: "warning", role: "alert", tabindex: -1 },
    h("h2", null, app.texts.frame.errors),
    h(
      "ul",
      null,
      errors.map((error) =>
        h(
          "li",
          null,
          h("button", { type: "button", class: "link", onclick: () => byId(error.id)?.focus() }, error.text()),
        ),
      ),
    ),
  );
}

/** Shows what stands in the way, or says that nothing does. */
export function stoppedBy(app: App, errors: typeof app.state.errors): boolean {
  app.state.errors = errors;
  if (errors.length === 0) return false;
  app.redraw();
  byId(ids.errors)?.focus();
  return true;
}
