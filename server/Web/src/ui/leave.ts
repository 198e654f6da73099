import type { App } from "./app.ts";
import { ThriceShift } from "./shift.ts";
import { newState, type State } from "./state.ts";

let leaving = false;

/** Empties state and document; nothing typed may be found by going back, or in a page kept for it. */
function wipe(state: State): void {
  state.visit?.abort.abort();
  state.codename?.entropy.fill(0);
  // Emptied first, or a browser might keep the last values of fields it has seen.
  for (const field of document.querySelectorAll("input, textarea"))
    (field as HTMLInputElement | HTMLTextAreaElement).value = "";
  Object.assign(state, newState(state.language));
  document.title = "";
  // Each element, as the page's code still holds some: a page kept for going back would keep the words with them.
  for (const element of document.querySelectorAll("body *")) element.replaceChildren();
  document.body.replaceChildren();
}

/**
 * Empties the page and puts a blank one in its place, past the question about unsaved text. Blank, because any other
 * address would send traffic nobody asked for, to a place that would learn of it.
 */
export function wipeAndLeave(state: State): void {
  leaving = true;
  wipe(state);
  location.replace("about:blank");
}

export function watchLeaving(app: App, hasUnsaved: () => boolean): void {
  const shift = new ThriceShift();
  addEventListener("keydown", (event) => shift.down(event), true);
  addEventListener(
    "keyup",
    (event) => {
      if (shift.up(event)) app.leave();
    },
    true,
  );
  for (const other of ["pointerdown", "compositionstart", "blur"] as const)
    addEventListener(other, () => shift.reset(), true);

  addEventListener("beforeunload", (event) => {
    if (!leaving && hasUnsaved()) event.preventDefault();
  });
  // Going back or on may keep the page alive in memory, to be shown again to whoever comes next.
  addEventListener("pagehide", () => wipe(app.state));
  addEventListener("pageshow", (event) => {
    if (event.persisted) location.reload();
  });
  // Another link pasted over this one changes only the part after #, and no page is loaded: its key must count.
  addEventListener("hashchange", () => location.reload());
  // A file dropped beside the button would replace the page by the file.
  for (const name of ["dragover", "drop"] as const) addEventListener(name, (event) => event.preventDefault());
}
