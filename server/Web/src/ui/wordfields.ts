import type { App } from "./app.ts";
import { byId, h, type Child } from "./dom.ts";
import { describe, errorOf, unrecorded } from "./fields.ts";
import { ids } from "./ids.ts";
import { complete, splitWords, suggest } from "./wordlist.ts";

const mostSuggestions = 8;

/** Both spellings are taken, whichever language the page is in. */
export function wordLists(app: App): readonly (readonly string[])[] {
  return [app.core.wordList("en"), app.core.wordList("zh-Hans")];
}

/** Twelve numbered fields as on the paper, each with completion from the word list (the ARIA combobox pattern). */
export function wordFields(app: App): Child {
  return h(
    "ol",
    { class: "words typed", translate: "no" },
    app.state.typedWords.map((word, index) => {
      const id = ids.word(index + 1);
      return h(
        "li",
        null,
        h("label", { for: id, class: "unseen" }, app.texts.words.word(index + 1)),
        h("input", {
          type: "text",
          ...unrecorded,
          ...describe(app, id, false),
          id,
          value: word,
          translate: "no",
          role: "combobox",
          "aria-autocomplete": "list",
          "aria-expanded": "false",
          oninput: (event: InputEvent) => typed(app, index, event.target as HTMLInputElement, event.isComposing),
          // Chromium sends no input event after the last composition.
          oncompositionend: (event: Event) => typed(app, index, event.target as HTMLInputElement, false),
          onkeydown: (event: KeyboardEvent) => pressed(app, index, event),
          onblur: () => left(app, index),
        }),
        errorOf(app, id),
      );
    }),
  );
}

function field(index: number): HTMLInputElement | null {
  return byId(ids.word(index + 1)) as HTMLInputElement | null;
}

function set(app: App, index: number, word: string): void {
  app.state.typedWords[index] = word;
  const input = field(index);
  if (input && input.value !== word) input.value = word;
}

function goTo(index: number): void {
  (field(index) ?? byId(ids.checkReplies))?.focus();
}

function typed(app: App, index: number, input: HTMLInputElement, composing: boolean): void {
  app.state.typedWords[index] = input.value;
  if (composing) return;
  const found = splitWords(input.value);
  const whole = /[\s,.;、，。]$/.test(input.value) || /\p{Script=Han}$/u.test(input.value);
  // Several words at once (pasted), or one that is finished: spread over this field and those after it.
  if (found.length > 1 || (found.length === 1 && whole)) {
    const last = Math.min(index + found.length, app.state.typedWords.length) - 1;
    found
      .slice(0, last - index + 1)
      .forEach((word, offset) => set(app, index + offset, complete(word, wordLists(app))));
    hideSuggestions(app);
    goTo(whole ? last + 1 : last);
    return;
  }
  showSuggestions(app, index, suggest(input.value, wordLists(app), mostSuggestions));
}

function left(app: App, index: number): void {
  hideSuggestions(app);
  set(app, index, complete(app.state.typedWords[index] ?? "", wordLists(app)));
}

function pressed(app: App, index: number, event: KeyboardEvent): void {
  // The keys belong to the input method while it is composing.
  if (event.isComposing || event.keyCode === 229) return;
  const options = shown();
  const at = options.findIndex((option) => option.getAttribute("aria-selected") === "true");
  const input = event.target as HTMLInputElement;
  if ((event.key === "ArrowDown" || event.key === "ArrowUp") && options.length > 0) {
    event.preventDefault();
    select(input, options, (at + (event.key === "ArrowDown" ? 1 : options.length - (at < 0 ? 0 : 1))) % options.length);
  } else if (event.key === "Enter" && at >= 0) {
    event.preventDefault();
    choose(app, index, options[at]?.textContent ?? "");
  } else if (
    event.key === "Enter" &&
    index + 1 < app.state.typedWords.length &&
    app.state.typedWords[index + 1] === ""
  ) {
    // Not sent half filled by somebody who ends each word with Enter.
    event.preventDefault();
    goTo(index + 1);
  } else if (event.key === "Escape") hideSuggestions(app);
  else if (event.key === "Backspace" && input.value === "" && index > 0) {
    event.preventDefault();
    goTo(index - 1);
  }
}

function shown(): HTMLElement[] {
  return Array.from(document.querySelectorAll<HTMLElement>(`#${ids.suggestions} [role=option]`));
}

function select(input: HTMLInputElement, options: readonly HTMLElement[], at: number): void {
  options.forEach((option, index) => option.setAttribute("aria-selected", index === at ? "true" : "false"));
  const id = options[at]?.id;
  if (id) input.setAttribute("aria-activedescendant", id);
}

function choose(app: App, index: number, word: string): void {
  set(app, index, word);
  hideSuggestions(app);
  goTo(index + 1);
}

function showSuggestions(app: App, index: number, words: readonly string[]): void {
  hideSuggestions(app);
  const input = field(index);
  if (!input || words.length === 0) return;
  const list = h(
    "ul",
    { id: ids.suggestions, role: "listbox", "aria-label": app.texts.words.word(index + 1) },
    words.map((word, number) =>
      h(
        "li",
        {
          id: `suggestion-${number + 1}`,
          role: "option",
          "aria-selected": "false",
          // Before the field loses the focus, which would take the list away.
          onpointerdown: (event: Event) => event.preventDefault(),
          onclick: () => choose(app, index, word),
        },
        word,
      ),
    ),
  );
  input.after(list);
  input.setAttribute("aria-expanded", "true");
  input.setAttribute("aria-controls", ids.suggestions);
  app.announce(app.texts.words.suggestions(words.length));
}

function hideSuggestions(app: App): void {
  const list = byId(ids.suggestions);
  if (!list) return;
  const input = list.parentElement?.querySelector("input");
  input?.setAttribute("aria-expanded", "false");
  input?.removeAttribute("aria-controls");
  input?.removeAttribute("aria-activedescendant");
  list.remove();
  app.announce("");
}
