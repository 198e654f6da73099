import type { App } from "./app.ts";
import { byId } from "./dom.ts";
import { showAmount, showTime, showTimeLeft } from "./format.ts";
import { ids } from "./ids.ts";

const spokenEveryInMilliseconds = 20_000;
let spoken = 0;

/** Brings the screen of a running visit up to date in place: a redraw at each step would make screen readers stammer. */
export function showProgress(app: App): void {
  const { visit, screen } = app.state;
  const step = byId(ids.step);
  const bar = byId(ids.progress) as HTMLProgressElement | null;
  const amount = byId(ids.amount);
  if (screen !== "sending" || !visit || !step || !bar || !amount) return;
  const texts = app.texts.sending;
  const progress = visit.progress;
  const empty = visit.intent.kind === "check" && (progress?.step === "sealing" || progress?.step === "sending");
  const stepText = visit.abort.signal.aborted
    ? texts.cancelling
    : empty
      ? texts.decoy
      : texts.steps[progress?.step ?? "roster"];
  // Written only when it changes: it is a live region.
  if (step.textContent !== stepText) step.textContent = stepText;

  const total = progress?.totalBytes ?? 0;
  const known = progress !== null && total > 0;
  bar.max = known ? total : 1;
  // Always a value: a bar without one is drawn moving.
  bar.value = known ? Math.min(progress.doneBytes, total) : 0;
  bar.hidden = !known;
  const seconds = progress?.secondsLeft;
  const parts = known ? [showAmount(progress.doneBytes, total, app.texts)] : [];
  // Luck decides how long the sum takes: nothing is ever nearly done, so there is no bar either.
  if (seconds !== undefined) parts.push(known ? showTimeLeft(seconds, app.texts) : texts.work(showTime(seconds, app.texts)));
  amount.textContent = parts.join(" · ");

  const now = performance.now();
  if (amount.textContent && now - spoken > spokenEveryInMilliseconds) {
    spoken = now;
    app.announce(amount.textContent);
  }
}
