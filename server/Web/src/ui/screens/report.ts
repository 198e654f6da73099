import type { DropView, ReportDraft } from "../../types.ts";
import { pick } from "../../locales/index.ts";
import type { App } from "../app.ts";
import { byId, fill, h, type Child } from "../dom.ts";
import { describe, errorOf, errorSummary, form, textField } from "../fields.ts";
import { back, title } from "../frame.ts";
import { ids } from "../ids.ts";
import { charactersIn } from "../room.ts";
import { answerTo } from "../state.ts";
import { draftErrors, sendDraft } from "../submit.ts";
import { fileSection } from "./files.ts";

/** Changes the draft and what the page says about it. */
export type Change = (part: Partial<ReportDraft>) => void;

export function report(app: App): Child {
  const { state, texts } = app;
  const drop = state.drop;
  if (!drop) return null;
  const change: Change = (part) => {
    state.draft = { ...state.draft, ...part };
    // What has been put right since is no longer complained about at the next redraw; nothing new is.
    state.errors = draftErrors(app, drop).filter((error) => state.errors.some((one) => one.id === error.id));
    showRoom(app, drop);
  };
  const room = h("p", { id: ids.room, class: "hint" });
  const screen = [
    back(app, () =>
      app.show(state.followUp ? (state.visit?.intent.kind === "check" ? "conversation" : "words") : "codename"),
    ),
    title(state.followUp ? texts.report.titleFollowUp : texts.report.title),
    state.followUp && h("p", { class: "lead" }, texts.report.leadFollowUp),
    errorSummary(app),
    form(
      () => sendDraft(app, drop),
      // A follow-up goes on with what was told: the form was answered then.
      !state.followUp && [categories(app, drop, change), questions(app, drop, change)],
      textField(app, {
        id: ids.message,
        label: texts.report.message,
        hint: texts.report.messageHint,
        value: state.draft.message,
        rows: 10,
        oninput: (message) => change({ message }),
      }),
      room,
      fileSection(app, change),
      textField(app, {
        id: ids.contact,
        label: [texts.report.contactTitle, texts.space, h("span", { class: "optional" }, texts.report.optional)],
        hint: texts.report.contactHint,
        value: state.draft.contact ?? "",
        oninput: (contact) => change({ contact: contact === "" ? null : contact }),
      }),
      h(
        "div",
        { class: "field choice" },
        h("input", {
          id: ids.reward,
          type: "checkbox",
          autocomplete: "off",
          checked: state.draft.reward,
          "aria-describedby": `${ids.reward}-hint`,
          onchange: (event: Event) => change({ reward: (event.target as HTMLInputElement).checked }),
        }),
        h("label", { for: ids.reward }, texts.report.reward),
        h("p", { id: `${ids.reward}-hint`, class: "hint" }, texts.report.rewardHint),
      ),
      h("p", { class: "hint" }, texts.report.sendHint),
      h("p", { class: "buttons" }, h("button", { id: ids.send, class: "main" }, texts.report.send)),
    ),
  ];
  fillRoom(app, drop, room);
  return screen;
}

function categories(app: App, drop: DropView, change: Change): Child {
  const all = drop.roster.form.categories;
  if (all.length === 0) return null;
  const first = ids.category(1);
  return h(
    "fieldset",
    { class: "field", ...describe(app, first, false) },
    h("legend", null, app.texts.report.category),
    errorOf(app, first),
    all.map((category, index) => {
      const label = pick(category.label, app.state.language);
      const id = ids.category(index + 1);
      return h(
        "div",
        { class: "choice" },
        h("input", {
          id,
          type: "radio",
          name: "category",
          autocomplete: "off",
          checked: app.state.draft.category === category.id,
          onchange: () => change({ category: category.id }),
        }),
        h("label", { for: id, lang: label.language, dir: "auto" }, label.text),
      );
    }),
  );
}

function questions(app: App, drop: DropView, change: Change): Child {
  const { texts } = app;
  return drop.roster.form.questions.map((question, index) => {
    const label = pick(question.label, app.state.language);
    return textField(app, {
      id: ids.question(index + 1),
      label: [
        h("span", { lang: label.language, dir: "auto" }, label.text),
        !question.required && [texts.space, h("span", { class: "optional" }, texts.report.optional)],
      ],
      required: question.required,
      value: answerTo(app.state.draft, question.id),
      rows: 2,
      oninput: (answer) => {
        const { [question.id]: _, ...others } = app.state.draft.answers;
        change({ answers: answer === "" ? others : { ...others, [question.id]: answer } });
      },
    });
  });
}

export function showRoom(app: App, drop: DropView): void {
  const room = byId(ids.room);
  if (room) fillRoom(app, drop, room);
}

/** The room is counted in bytes of the finished report.json and shown as characters, which is what a person counts. */
function fillRoom(app: App, drop: DropView, room: HTMLElement): void {
  const { draft, language } = app.state;
  const texts = app.texts.report;
  const { used, limit } = app.core.reportSize(draft, drop);
  const characters = charactersIn(limit - used, draft.message, language === "en" ? 1 : 3);
  const over = used > limit;
  room.className = over ? "error" : "hint";
  const shared = drop.roster.form.questions.length > 0 || draft.contact !== null;
  fill(room, over ? texts.tooLong(characters) : texts.room(characters), shared && [app.texts.space, texts.roomShared]);
}
