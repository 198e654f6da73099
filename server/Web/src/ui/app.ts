import type * as core from "../core.ts";
import { languages, locales, pick, preferredLanguage, type Language, type Texts } from "../locales/index.ts";
import { byId, fill, h } from "./dom.ts";
import { header } from "./frame.ts";
import { ids } from "./ids.ts";
import { wipeAndLeave, watchLeaving } from "./leave.ts";
import { screens } from "./screens/index.ts";
import { keepFocusInSight } from "./sight.ts";
import { hasUnsaved, newState, type ScreenName, type State } from "./state.ts";

/** What the page needs of the core; tests of screens alone may bring their own. */
export type Core = Pick<
  typeof core,
  | "generateCodename"
  | "parseCodename"
  | "words"
  | "wordList"
  | "loadDrop"
  | "reportSize"
  | "uploadSize"
  | "runVisit"
  | "hasWhatItNeeds"
>;

/** What a screen can see and do. */
export interface App {
  readonly core: Core;
  readonly state: State;
  readonly texts: Texts;
  /** The drop's name in the reader's language, or an empty text before it is known. */
  readonly dropName: string;
  /** Goes to a screen, with focus on its heading. */
  show(screen: ScreenName): void;
  /** Draws the same screen again; focus, selection and scroll stay where they are. */
  redraw(): void;
  setLanguage(language: Language): void;
  /** Says something to a screen reader without moving anything. */
  announce(text: string): void;
  /** Fetches the roster and shows the screen that fits it. */
  open(): Promise<void>;
  leave(): void;
}

export function startApp(usedCore: Core, page: HTMLElement): App {
  const state = newState(preferredLanguage(navigator.languages));
  const head = h("header");
  const main = h("main", { id: ids.main });
  // Kept through every redraw: a live region that is replaced is not read out.
  const status = h("p", { id: ids.status, class: "unseen", role: "status" });

  const app: App = {
    core: usedCore,
    state,
    get texts() {
      return locales[state.language];
    },
    get dropName() {
      return state.drop ? pick(state.drop.roster.name, state.language).text : "";
    },
    show(screen) {
      state.screen = screen;
      state.errors = [];
      draw();
      scrollTo(0, 0);
      byId(ids.title)?.focus({ preventScroll: true });
    },
    redraw() {
      const active = document.activeElement;
      const id = active?.id;
      const selection =
        active instanceof HTMLInputElement || active instanceof HTMLTextAreaElement
          ? ([active.selectionStart, active.selectionEnd] as const)
          : null;
      const scroll = [scrollX, scrollY] as const;
      draw();
      const again = id ? byId(id) : null;
      again?.focus({ preventScroll: true });
      if (
        selection &&
        (again instanceof HTMLTextAreaElement || (again instanceof HTMLInputElement && again.type === "text"))
      )
        again.setSelectionRange(selection[0], selection[1]);
      scrollTo(...scroll);
    },
    setLanguage(language) {
      state.language = language;
      state.draft = { ...state.draft, language };
      app.redraw();
      app.announce(""); // what was said last, in the other language
    },
    announce(text) {
      status.textContent = "";
      // A text equal to the one before is only read again if the region was empty in between.
      setTimeout(() => (status.textContent = text), 50);
    },
    async open() {
      if (!usedCore.hasWhatItNeeds()) return app.show("too-old");
      app.show("opening");
      const loaded = await usedCore.loadDrop(location.hash.slice(1));
      const refused = "kind" in loaded;
      state.drop = refused ? null : loaded;
      state.refusal = refused ? loaded : null;
      app.show(refused ? loaded.kind : loaded.closed ? "closed" : "start");
    },
    leave() {
      wipeAndLeave(state);
    },
  };

  function draw(): void {
    document.documentElement.lang = app.texts.tag;
    // The title goes into the browser's history: it names the drop at most, never what is being done.
    document.title = app.dropName || app.texts.frame.title;
    main.dataset["screen"] = state.screen;
    fill(head, header(app, languages));
    fill(main, screens[state.screen](app));
  }

  keepFocusInSight(page);
  page.replaceChildren(head, main, status);
  watchLeaving(app, () => hasUnsaved(state));
  void app.open();
  return app;
}
