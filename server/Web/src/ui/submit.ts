import type { DropView } from "../types.ts";
import { pick } from "../locales/index.ts";
import type { App } from "./app.ts";
import { showBytes } from "./format.ts";
import { ids } from "./ids.ts";
import { stoppedBy } from "./fields.ts";
import { answerTo, type FieldError } from "./state.ts";
import { beginVisit } from "./visit.ts";
import { charactersIn } from "./room.ts";

/** The largest size class in bytes: what the page seals at most. */
const largestClassInBytes = 5 * 2 ** 30;
const mostFiles = 5000;

/** Names all that stands in the way at once, in the order of the page. */
export function draftErrors(app: App, drop: DropView): FieldError[] {
  const { draft, followUp } = app.state;
  const texts = (): typeof app.texts.report => app.texts.report;
  const { categories, questions } = drop.roster.form;
  const errors: FieldError[] = [];
  if (!followUp) {
    if (categories.length > 0 && draft.category === null)
      errors.push({ id: ids.category(1), text: () => texts().chooseCategory });
    questions.forEach((question, index) => {
      if (question.required && answerTo(draft, question.id).trim() === "")
        errors.push({
          id: ids.question(index + 1),
          text: () => texts().required(pick(question.label, app.state.language).text),
        });
    });
  }
  const answered = !followUp && Object.values(draft.answers).some((answer) => answer.trim() !== "");
  if (draft.message.trim() === "" && draft.files.length === 0 && !answered)
    errors.push({ id: ids.message, text: () => texts().needMessage });
  const { used, limit } = app.core.reportSize(draft, drop);
  if (used > limit) errors.push({ id: ids.message, text: () => texts().tooLong(charactersIn(limit - used, draft.message, 1)) });
  if (draft.files.length > mostFiles) errors.push({ id: ids.files, text: () => texts().tooManyFiles(mostFiles) });
  else if (app.core.uploadSize(draft, drop).tooLarge)
    errors.push({ id: ids.files, text: () => texts().tooLarge(showBytes(largestClassInBytes, app.texts)) });
  return errors;
}

export function sendDraft(app: App, drop: DropView): void {
  if (stoppedBy(app, draftErrors(app, drop))) return;
  app.state.filesNote = null;
  void beginVisit(app, { kind: app.state.followUp ? "follow-up" : "report", draft: app.state.draft }, "report");
}
