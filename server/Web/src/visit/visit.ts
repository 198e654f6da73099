import { hmacKey, randomBytes } from "../bytes.ts";
import { type CodenameKeys, deriveKeys } from "../codename/keys.ts";
import { generateCodename } from "../codename/words.ts";
import { today } from "../days.ts";
import { parsePublicKey } from "../minisign/key.ts";
import { emptyDraft } from "../report/report.ts";
import { uploadSize } from "../report/size.ts";
import { sameReaders } from "../roster/verify.ts";
import type { Conversation, DropView, VisitOptions, VisitProblem, VisitProgress, VisitResult } from "../types.ts";
import { readConversation, nothingRead } from "./conversation.ts";
import { type DeadDrops, visitDeadDrops } from "./deaddrops.ts";
import { fetchDrop, isRefusal } from "./drop.ts";
import { Flow } from "./pace.ts";
import { canGoOn, problemOf } from "./problem.ts";
import { toTheSecond } from "./second.ts";
import { digestFiles, prepareUpload } from "./telling.ts";
import type { Upload, UploadRun } from "./upload.ts";

/**
 * One uninterrupted visit of constant shape: roster, index of dead drops, each day's dead drop, ticket, one upload; all
 * of them, in this order, whether it is a first report, a follow-up or a check (which uploads a decoy). What was found is
 * opened after the upload, so that finding something delays no request. Does not throw for anything that a server, a
 * line or a file does.
 */
export async function runVisit(options: VisitOptions): Promise<VisitResult> {
  const { codename, intent, onProgress, signal } = options;
  let conversation: () => Promise<Conversation> = async () => nothingRead(today());
  let seen: DropView | undefined;
  try {
    const digests = intent.kind === "check" ? [] : await digestFiles(intent.draft.files, onProgress, signal);
    onProgress(step("roster"));
    const fetched = await fetchCurrentDrop(options.drop, signal);
    if ("problem" in fetched) return failed(options, conversation, undefined, fetched.problem);
    const { drop } = fetched;
    const agreed = await isAgreedTo(options, drop);
    if (agreed) seen = drop;
    const keys = await keysAt(drop, codename);
    const flow = new Flow();
    const deadDrops = await fetchDeadDrops(options, keys, drop, flow);
    conversation = () => readConversation(deadDrops, keys, drop);
    if (drop.closed) return failed(options, conversation, drop, { kind: "closed" });

    const told = await toTheSecond(() => prepare(options, drop, agreed, keys, digests, flow));
    return await send({ options, conversation, drop, seen, ...told }, { onProgress, signal });
  } catch (error) {
    return failed(options, conversation, seen, problemOf(error, signal));
  }
}

const step = (name: VisitProgress["step"]): VisitProgress => ({ step: name, doneBytes: 0, totalBytes: 0 });

const keysAt = (drop: DropView, codename: VisitOptions["codename"]): Promise<CodenameKeys> =>
  deriveKeys(codename, parsePublicKey(drop.dropKeyText)!);

async function fetchCurrentDrop(
  shown: DropView,
  signal: AbortSignal,
): Promise<{ drop: DropView } | { problem: VisitProblem }> {
  const drop = await fetchDrop(shown.linkKey, shown.linkKey ?? shown.dropKeyText, signal);
  if (isRefusal(drop)) return { problem: { kind: "drop", refusal: drop } };
  // An older roster than the one shown may bring back a reviewer who was removed.
  if (drop.roster.version < shown.roster.version) {
    return { problem: { kind: "drop", refusal: { kind: "refused", check: "version" } } };
  }
  return { drop };
}

/**
 * Who reads may have changed since the source was shown who does. It is asked in every visit: a server that leaves a
 * statement out of its second answer would else know by the pause who came to tell. Where it says no, or only looks, the
 * visit goes on as a check, and what it was shown stays what it agreed to: or it would not be asked before the next report.
 */
async function isAgreedTo({ drop: shown, intent, confirmRoster }: VisitOptions, drop: DropView): Promise<boolean> {
  if (drop.closed || sameReaders(shown, drop)) return true;
  const agreed = (await confirmRoster?.(drop)) ?? false;
  return agreed && intent.kind !== "check";
}

async function fetchDeadDrops(options: VisitOptions, keys: CodenameKeys, drop: DropView, flow: Flow): Promise<DeadDrops> {
  const { intent, onProgress, signal } = options;
  onProgress(step("dead-drops"));
  const onBytes = (doneBytes: number, totalBytes: number): void => onProgress({ step: "dead-drops", doneBytes, totalBytes });
  const tagKey = await hmacKey(keys.tag);
  // Telling is not to be tied to the visits after it. One key for all days: shards that agree from day to day only where
  // a codename returns would say which visits tell.
  const randomKey = await hmacKey(randomBytes(32)); // in every visit: so that none takes longer
  const shardKey = intent.kind === "report" ? randomKey : tagKey;
  const search = { tagKey, shardKey, mostShardBits: drop.roster.shardBits };
  return visitDeadDrops(search, drop.day, onBytes, flow, signal);
}

/** What the one upload of the visit is. */
interface Prepared {
  readonly upload: Upload;
  /** Why it is a decoy in place of what was to be told. */
  readonly untold: VisitProblem | null;
}

async function prepare(
  { intent, onProgress, signal }: VisitOptions,
  drop: DropView,
  agreed: boolean,
  keys: CodenameKeys,
  digests: readonly string[],
  flow: Flow,
): Promise<Prepared> {
  // Made for every visit, used by checks: a decoy under the real codename would be a diary of its visits.
  const thrownAway = await keysAt(drop, generateCodename());
  let untold: VisitProblem | null = null;
  if (intent.kind !== "check") {
    untold = { kind: "roster-not-confirmed" };
    try {
      if (agreed) {
        flow.mustCarry(uploadSize(intent.draft, drop).sealedBytes);
        return { upload: await prepareUpload(intent.kind, intent.draft, digests, drop, keys, onProgress), untold: null };
      }
    } catch (error) {
      // Nothing of it has left: the visit goes on as a check, or its end would show that something was to be told.
      untold = problemOf(error, signal);
    }
  }
  return { upload: await prepareUpload("decoy", emptyDraft, [], drop, thrownAway, onProgress), untold };
}

interface Sending extends Prepared {
  readonly options: VisitOptions;
  readonly conversation: () => Promise<Conversation>;
  readonly drop: DropView;
  readonly seen: DropView | undefined;
}

async function send(sending: Sending, run: UploadRun): Promise<VisitResult> {
  const { options, conversation, seen, upload, untold } = sending;
  try {
    await upload.run(run);
    await upload.close();
    if (untold) return failed(options, conversation, seen, untold);
    return { conversation: await conversation(), upload: { ok: true }, ...(seen && { drop: seen }) };
  } catch (error) {
    const problem = problemOf(error, run.signal);
    if (!canGoOn(problem)) {
      await upload.close();
      return failed(options, conversation, seen, problem);
    }
    return {
      conversation: await conversation(),
      upload: { ok: false, problem },
      ...(seen && { drop: seen }),
      resume: (again) => goOn(sending, again),
    };
  }
}

/** What has begun goes on under its ticket; what has not is sealed anew on a new day, when the keys may be others. */
async function goOn(sending: Sending, again: UploadRun): Promise<VisitResult> {
  if (sending.upload.hasBegun || today() === sending.drop.day) return send(sending, again);
  await sending.upload.close();
  return runVisit({ ...sending.options, ...again });
}

/** Problems that only a new visit can mend get one; others end here. */
const Mendable: readonly VisitProblem["kind"][] = ["refused", "drop", "network", "busy", "roster-not-confirmed"];

async function failed(
  options: VisitOptions,
  conversation: () => Promise<Conversation>,
  drop: DropView | undefined,
  problem: VisitProblem,
): Promise<VisitResult> {
  return {
    conversation: await conversation(),
    upload: { ok: false, problem },
    ...(drop && { drop }),
    ...(Mendable.includes(problem.kind) && {
      resume: (again: UploadRun) => runVisit({ ...options, ...again }),
    }),
  };
}
