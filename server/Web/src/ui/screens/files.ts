import type { App } from "../app.ts";
import { byId, h, type Child } from "../dom.ts";
import { describe, errorOf } from "../fields.ts";
import { addFiles, fileKind, isReadable } from "../files.ts";
import { showBytes } from "../format.ts";
import { section } from "../frame.ts";
import { ids } from "../ids.ts";
import type { Change } from "./report.ts";

const slowLineInBytesPerHour = 100_000 * 3600;

/** Files with sizes, removal, and beside them what files can give away. */
export function fileSection(app: App, change: Change): Child {
  const { state, texts } = app;
  const files = state.draft.files;
  const total = files.reduce((sum, file) => sum + file.size, 0);
  return h(
    "div",
    { class: "field" },
    section(
      texts.report.filesTitle,
      h("p", { id: `${ids.files}-hint`, class: "hint" }, texts.report.filesLead, texts.space, texts.report.filesSeen),
      errorOf(app, ids.files),
      h(
        "p",
        { class: "pick" },
        h("input", {
          id: ids.files,
          class: "unseen",
          type: "file",
          multiple: true,
          ...describe(app, ids.files, true),
          autocomplete: "off",
          onchange: (event: Event) => void add(app, change, event.target as HTMLInputElement),
        }),
        h("label", { for: ids.files }, texts.report.filesChoose),
      ),
      h(
        "ul",
        { id: ids.fileList },
        files.map((file, index) =>
          h(
            "li",
            null,
            h("span", { class: "verbatim", translate: "no" }, h("bdi", null, file.name)),
            h("span", { class: "hint" }, showBytes(file.size, texts)),
            h(
              "button",
              {
                id: ids.remove(index + 1),
                type: "button",
                class: "second",
                "aria-label": texts.report.removeFile(file.name),
                onclick: () => remove(app, change, index),
              },
              texts.report.remove,
            ),
          ),
        ),
      ),
      h(
        "div",
        { id: ids.filesNote },
        files.length > 0 && h("p", null, texts.report.added(files.length, showBytes(total, texts)), takesHours(total, app)),
        note(app),
      ),
      files.length > 0 && givesAway(app, files),
    ),
  );
}

/** Before anything is written for nothing: what a slow line means for so much. */
function takesHours(totalInBytes: number, { texts }: App): Child {
  const hours = Math.round(totalInBytes / slowLineInBytesPerHour);
  return hours > 0 && [texts.space, texts.report.takes(texts.time.hours(hours))];
}

function note(app: App): Child {
  const { filesNote } = app.state;
  const texts = app.texts.report;
  if (!filesNote) return null;
  if (filesNote.kind === "unreadable") return h("p", { class: "error" }, texts.emptyFolder(filesNote.name));
  return h("p", null, texts.removed(filesNote.name), filesNote.smaller && [app.texts.space, texts.roomSmaller]);
}

function givesAway(app: App, files: readonly File[]): Child {
  const texts = app.texts.report;
  const kinds = new Set(files.map((file) => fileKind(file.name, file.type)));
  return h(
    "div",
    { id: ids.fileWarning, class: "warning" },
    h("h3", null, texts.filesWarningTitle),
    kinds.has("picture") && h("p", null, texts.pictures),
    kinds.has("document") && h("p", null, texts.documents),
    kinds.has("other") && h("p", null, texts.otherFiles),
    h("p", null, texts.fileNames),
  );
}

async function add(app: App, change: Change, input: HTMLInputElement): Promise<void> {
  const chosen = Array.from(input.files ?? []);
  // The browser would keep the choice for a restored session, and picking the same file again would not be noticed.
  input.value = "";
  const readable = await Promise.all(chosen.map(isReadable));
  const bad = chosen.find((_, index) => !readable[index]);
  app.state.filesNote = bad ? { kind: "unreadable", name: bad.name } : null;
  change({
    files: addFiles(
      app.state.draft.files,
      chosen.filter((_, index) => readable[index]),
    ),
  });
  show(app);
}

function remove(app: App, change: Change, index: number): void {
  const files = app.state.draft.files;
  const name = files[index]?.name ?? "";
  const left = files.filter((_, other) => other !== index);
  app.state.filesNote = { kind: "removed", name, smaller: left.length === 0 };
  change({ files: left });
  show(app);
  // The button that had the focus is gone: the next one, or else the way to add another.
  (byId(ids.remove(Math.min(index + 1, left.length))) ?? byId(ids.files))?.focus();
}

/** Said as well, by the region that stays: one that is drawn anew is not read out. */
function show(app: App): void {
  app.redraw();
  app.announce(byId(ids.filesNote)?.textContent ?? "");
}
