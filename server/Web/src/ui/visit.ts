import type { VisitIntent, VisitProgress, VisitResult } from "../types.ts";
import type { App } from "./app.ts";
import { showProgress } from "./progress.ts";
import { emptyDraft, type RunningVisit, type ScreenName } from "./state.ts";

/** Starts one uninterrupted visit, and leads to the screen that its end calls for. */
export async function beginVisit(app: App, intent: VisitIntent, from: ScreenName): Promise<void> {
  const { drop, codename } = app.state;
  if (!drop || !codename) return;
  await follow(app, intent, from, (hooks) =>
    app.core.runVisit({
      drop,
      codename,
      intent,
      ...hooks,
      confirmRoster: (changed) =>
        new Promise((resolve) => {
          // The visit as it is now: it may have been taken up again since it began.
          const visit = app.state.visit;
          if (!visit) return resolve(false);
          visit.changed = {
            drop: changed,
            answer: (agreed) => {
              visit.changed = null;
              app.show("sending");
              resolve(agreed);
            },
          };
          app.show("changed");
        }),
    }),
  );
}

/** Goes on where a visit stopped, with the parts that are sealed already; from the beginning if it left nothing. */
export async function resumeVisit(app: App): Promise<void> {
  const visit = app.state.visit;
  const resume = visit?.result?.resume;
  if (!visit) return;
  if (resume) await follow(app, visit.intent, visit.from, (hooks) => resume(hooks));
  else await beginVisit(app, visit.intent, visit.from);
}

interface Hooks {
  readonly onProgress: (progress: VisitProgress) => void;
  readonly signal: AbortSignal;
}

async function follow(
  app: App,
  intent: VisitIntent,
  from: ScreenName,
  run: (hooks: Hooks) => Promise<VisitResult>,
): Promise<void> {
  const abort = new AbortController();
  const visit: RunningVisit = { intent, from, abort, progress: null, result: null, failed: false, changed: null };
  app.state.visit = visit;
  app.show("sending");
  try {
    visit.result = await run({
      onProgress: (progress) => {
        visit.progress = progress;
        showProgress(app);
      },
      signal: abort.signal,
    });
  } catch {
    // The core answers with a problem for all that can be expected. For the rest: nothing typed is lost.
    visit.failed = true;
  }
  // "Leave now" has emptied the state meanwhile.
  if (app.state.visit === visit) end(app, visit);
}

function end(app: App, visit: RunningVisit): void {
  const { state } = app;
  const result = visit.result;
  if (result?.drop) state.drop = result.drop;
  if (!result) return app.show("problem");
  if (visit.intent.kind === "check") return app.show(result.conversation.indexRead ? "conversation" : "problem");
  if (!result.upload.ok) return app.show("problem");
  // Delivered: nothing of it stays on the page, for whoever opens it next and the browser's tools.
  state.draft = emptyDraft(state.language);
  state.visit = { ...visit, intent: { kind: visit.intent.kind, draft: state.draft } };
  state.typedWords = state.typedWords.map(() => "");
  state.filesNote = null;
  if (!state.followUp) {
    state.codename?.entropy.fill(0);
    state.codename = null;
  }
  app.show("done");
}
