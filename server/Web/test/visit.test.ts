import assert from "node:assert/strict";
import test from "node:test";
import { open } from "../src/age/open.ts";
import { readArchive } from "../src/archive/read.ts";
import { concat, fromUtf8, hmac, hmacKey, randomBytes } from "../src/bytes.ts";
import { deriveKeys } from "../src/codename/keys.ts";
import { generateCodename } from "../src/codename/words.ts";
import { parsePublicKey } from "../src/minisign/key.ts";
import { shardOf } from "../src/reply/shard.ts";
import { SlotSizeInBytes } from "../src/reply/slot.ts";
import type { Codename, DropView, ReportDraft, VisitIntent, VisitProblem, VisitProgress, VisitResult } from "../src/types.ts";
import { isRefusal } from "../src/visit/drop.ts";
import { toTheSecond } from "../src/visit/second.ts";
import { loadDrop, runVisit } from "../src/core.ts";
import { addDays, answerOf, type TestDrop, testDrop } from "./drop.ts";
import { refuse, TestServer } from "./server.ts";

// The page's own code over a real line. Two things differ from a browser: relative addresses are completed, and the
// pauses between tries (2 to 40 s) and the whole seconds pass a thousand times as fast.
const realFetch = globalThis.fetch;
const realTimeout = globalThis.setTimeout;
let origin = "";
globalThis.fetch = ((path: string, init: RequestInit) => {
  assert.deepEqual([init.credentials, init.cache, init.referrerPolicy, init.redirect, init.mode], ["omit", "no-store", "no-referrer", "error", "same-origin"]);
  return realFetch(origin + path, { ...init, mode: "cors" });
}) as typeof fetch;
globalThis.setTimeout = ((call: () => void, milliseconds = 0, ...rest: []) =>
  realTimeout(call, milliseconds >= 2000 && milliseconds <= 40_000 ? milliseconds / 1000 : milliseconds, ...rest)) as typeof setTimeout;

const realInterval = globalThis.setInterval;
globalThis.setInterval = ((call: () => void, milliseconds = 0) => realInterval(call, milliseconds / 1000)) as typeof setInterval;

interface Scene {
  readonly server: TestServer;
  readonly drop: TestDrop;
  readonly view: DropView;
  readonly codename: Codename;
  visit(intent: VisitIntent, more?: { confirmRoster?: (changed: DropView) => Promise<boolean>; signal?: AbortSignal; onProgress?: (p: VisitProgress) => void }): Promise<VisitResult>;
  /** Opens a stored report as the first reviewer. */
  read(sealed: Buffer): Promise<{ report: Record<string, any>; files: Uint8Array[] }>;
}

const scene = (name: string, play: (scene: Scene) => Promise<void>): Promise<void> =>
  test(name, async () => {
    const server = new TestServer();
    origin = await server.start();
    try {
      const drop = await testDrop();
      server.answer = answerOf(drop, drop.roster);
      server.deadDrops = [-2, -1, 0].map((days) => ({ day: addDays(drop.day, days), shardBits: 0, shards: [Buffer.from(randomBytes(2 * SlotSizeInBytes))] }));
      const view = await loadDrop(drop.roster.dropKey);
      assert.ok(!isRefusal(view));
      server.calls.length = 0;
      const codename = generateCodename();
      const visit: Scene["visit"] = (intent, more) =>
        runVisit({ drop: view, codename, intent, onProgress: () => undefined, signal: new AbortController().signal, ...more });
      const read: Scene["read"] = async (sealed) => {
        const members = readArchive(await open(Uint8Array.from(sealed), drop.reviewers[0]!.identity.keys))!;
        return { report: JSON.parse(fromUtf8(members[0]!.content)), files: members.slice(2).map(({ content }) => content) };
      };
      await play({ server, drop, view, codename, visit, read });
    } finally {
      server.stop();
    }
  }) as Promise<void>;

const draft: ReportDraft = { category: null, answers: {}, message: "the valve leaks", contact: null, reward: false, language: "en", files: [] };
const bytesOf = (size: number): Uint8Array<ArrayBuffer> => new Uint8Array(size).map((_, index) => (index * 31) % 253);
const shardsOf = (bits: number): Buffer[] => Array.from({ length: 2 ** bits }, () => Buffer.alloc(0));
const withFile = (size: number): ReportDraft => ({ ...draft, files: [new File([bytesOf(size)], "a.bin")] });
const shape = (calls: readonly string[]): string[] => calls.map((call) => call.replace(/[0-9a-f]{32}/, "ID"));
const problem = ({ upload }: VisitResult) => (upload.ok ? null : upload.problem);

scene("LoadDrop_KeyEscapedByAMailProgram_IsTheKey", async ({ view }) => {
  const key = view.dropKeyText;
  const escaped = (all: RegExp) => key.replace(all, (character) => "%" + character.charCodeAt(0).toString(16).padStart(2, "0"));
  for (const fragment of [key, encodeURIComponent(key), escaped(/./g), escaped(/[^a-z]/gi)]) {
    const drop = await loadDrop(fragment);
    assert.deepEqual(isRefusal(drop) ? drop : drop.linkKey, key, fragment);
  }
  for (const fragment of [encodeURIComponent(escaped(/./g)), key + "%", key + "%2", key + "%zz", key + "%ff", key + "%20", "%" + key, "%00"]) {
    assert.deepEqual(await loadDrop(fragment), { kind: "refused", check: "broken link" }, fragment);
  }
  const open = await loadDrop("");
  assert.deepEqual([isRefusal(open), !isRefusal(open) && open.linkVouches], [false, false]);
});

scene("RunVisit_ReportFollowUpOrCheck_HasTheSameShape", async ({ server, drop, visit, read }) => {
  const shapes: string[][] = [];
  const sizes: number[] = [];
  for (const intent of [{ kind: "report", draft }, { kind: "follow-up", draft }, { kind: "check" }] as const) {
    server.calls.length = 0;
    assert.deepEqual(await visit(intent).then(({ upload }) => upload), { ok: true });
    shapes.push(shape(server.calls));
    sizes.push(server.reports.at(-1)!.length);
  }
  assert.deepEqual(shapes[0], [
    "GET /api/v1/roster", "GET /api/v1/dead-drops", ...[-2, -1, 0].map((days) => `GET /api/v1/dead-drops/${addDays(drop.day, days)}/0`),
    "GET /api/v1/ticket", "PUT /api/v1/reports/ID",
  ]);
  assert.deepEqual(shapes[1], shapes[0]);
  assert.deepEqual(shapes[2], shapes[0]);
  assert.equal(new Set(sizes).size, 1);
  const reports = await Promise.all(server.reports.map(async (sealed) => (await read(sealed)).report));
  assert.deepEqual(reports.map(({ kind, message }) => [kind, message]), [["report", draft.message], ["follow-up", draft.message], ["decoy", ""]]);
  const keys = reports.map(({ conversation }) => conversation.signingKey);
  assert.equal(keys[0], keys[1]);
  assert.notEqual(keys[2], keys[0], "a decoy under the real codename would be a diary");
  for (const headers of server.headers) {
    assert.equal(headers.cookie ?? headers.referer ?? headers.authorization, undefined);
  }
});

scene("RunVisit_Shards_FirstReportTakesAnyTheOthersTheirOwn", async ({ server, view, drop, codename, visit }) => {
  server.answer = answerOf(drop, { ...drop.roster, shardBits: 4 });
  server.deadDrops = [{ day: drop.day, shardBits: 4, shards: shardsOf(4) }];
  const keys = await deriveKeys(codename, parsePublicKey(view.dropKeyText)!);
  const own = `GET /api/v1/dead-drops/${drop.day}/${await shardOf(await hmacKey(keys.tag), 4)}`;
  const seen = new Set<string>();
  for (let round = 0; round < 12; round++) {
    server.calls.length = 0;
    await visit(round < 10 ? { kind: "report", draft } : round === 10 ? { kind: "follow-up", draft } : { kind: "check" });
    if (round < 10) seen.add(server.calls[2]!);
    else assert.equal(server.calls[2], own);
  }
  assert.ok(seen.size > 2, "ten times the same of sixteen");
});

scene("RunVisit_Shards_AgreeFromDayToDayInEveryVisit", async ({ server, drop, visit }) => {
  server.answer = answerOf(drop, { ...drop.roster, shardBits: 8 });
  server.deadDrops = [-3, -2, -1, 0].map((days) => ({ day: addDays(drop.day, days), shardBits: days < -1 ? 5 : 8, shards: shardsOf(days < -1 ? 5 : 8) }));
  for (const intent of [{ kind: "report", draft }, { kind: "follow-up", draft }, { kind: "check" }] as const) {
    server.calls.length = 0;
    const { conversation } = await visit(intent);
    const [a, b, c, d] = server.calls.slice(2, 6).map((call) => Number(call.split("/").at(-1)));
    assert.deepEqual([b, c! >> 3, d], [a, a, c], `a server tells a ${intent.kind} by its shards`);
    assert.deepEqual(conversation.unreachableDays, []);
  }
});

scene("RunVisit_IndexWiderThanTheRoster_TellsNoMoreOfTheCodename", async ({ server, drop, visit }) => {
  server.answer = answerOf(drop, { ...drop.roster, shardBits: 2 });
  server.deadDrops = [-1, 0].map((days) => ({ day: addDays(drop.day, days), shardBits: 16, shards: shardsOf(16) }));
  const seen: number[] = [];
  for (let round = 0; round < 4; round++) {
    server.calls.length = 0;
    const { conversation, upload } = await visit({ kind: "check" });
    assert.deepEqual([conversation.unreachableDays.length, upload.ok], [2, true], "days that cannot be read are named");
    seen.push(...server.calls.slice(2, 4).map((call) => Number(call.split("/").at(-1))));
  }
  assert.equal(new Set(seen.map((shard) => shard >> 14)).size, 1, "two bits are the codename's");
  assert.ok(new Set(seen).size > 6, "the same sixteen bits whenever the codename returns");
});

scene("RunVisit_DamagedSlotAndUnsignedDays_AreCountedOrIgnored", async ({ server, view, drop, codename, visit }) => {
  const { tag } = await deriveKeys(codename, parsePublicKey(view.dropKeyText)!);
  const nonce = randomBytes(16);
  const slot = Buffer.from(concat(nonce, (await hmac(await hmacKey(tag), nonce)).slice(0, 16), randomBytes(9851)));
  server.deadDrops = [-32, 0, 1].map((days) => ({ day: addDays(drop.day, days), shardBits: 0, shards: [slot] }));
  const { conversation } = await visit({ kind: "check" });
  assert.equal(server.calls.filter((call) => call.startsWith("GET /api/v1/dead-drops/")).length, 3);
  assert.equal(conversation.uncheckedCount, 1, "only the day that counts");
  assert.deepEqual([conversation.clockDisagrees, conversation.serverDay], [true, addDays(drop.day, 1)]);
});

scene("RunVisit_ADayCannotBeHad_IsNamedAndTheVisitGoesOn", async ({ server, drop, visit }) => {
  const day = addDays(drop.day, -1);
  server.fault = (call, response) => (call.includes(day) ? refuse(response, 404, "No.") : undefined);
  const { conversation, upload } = await visit({ kind: "check" });
  assert.deepEqual([conversation.unreachableDays, upload.ok], [[day], true]);
});

scene("RunVisit_ClosedDrop_EndsAfterTheDeadDrops", async ({ server, drop, visit }) => {
  server.answer = answerOf(drop, { ...drop.roster, version: 2, issued: addDays(drop.day, -91), expires: addDays(drop.day, -1) });
  for (const intent of [{ kind: "report", draft }, { kind: "check" }] as const) {
    const result = await visit(intent);
    assert.deepEqual([problem(result), result.conversation.indexRead], [{ kind: "closed" }, true]);
  }
  assert.ok(!server.calls.some((call) => call.includes("ticket") || call.startsWith("PUT")));
});

scene("RunVisit_BrokenLine_SendsTheSameBytesUnderANewTicket", async ({ server, visit }) => {
  let broken = 0;
  server.fault = (call) => (call.startsWith("PUT") && broken++ < 2 ? "lose-answer" : undefined);
  assert.deepEqual((await visit({ kind: "report", draft })).upload, { ok: true });
  assert.equal(server.uploads.size, 3);
  assert.ok(server.reports.every((sealed) => sealed.equals(server.reports[0]!)), "sealed again under the same file key");
});

scene("RunVisit_LineStaysBroken_GivesUpAndResumes", async ({ server, visit }) => {
  server.fault = (call) => (call.startsWith("PUT") ? "drop" : undefined);
  const result = await visit({ kind: "report", draft });
  assert.deepEqual(problem(result), { kind: "network" });
  assert.equal(server.calls.filter((call) => call.startsWith("PUT")).length, 4);
  server.fault = () => undefined;
  const again = await result.resume!({ onProgress: () => undefined, signal: new AbortController().signal });
  assert.deepEqual([again.upload.ok, server.reports.length], [true, 1]);
});

scene("RunVisit_BusyForLong_TellsTheSource", async ({ server, visit }) => {
  server.fault = (call, response) => (call.startsWith("PUT") ? refuse(response, 503, "Full.", { "Retry-After": "600" }) : undefined);
  const result = await visit({ kind: "report", draft });
  assert.deepEqual(problem(result), { kind: "busy", title: "Full.", retryAfterSeconds: 600 });
  assert.equal(server.calls.filter((call) => call.startsWith("PUT")).length, 1);
  assert.ok(result.resume);
});

scene("RunVisit_BusyForAMoment_WaitsAndPaysWhatIsAskedByThen", async ({ server, visit }) => {
  let busy = 0;
  const steps: string[] = [];
  server.fault = (call, response) => {
    if (!call.startsWith("PUT") || busy++ === 3) return undefined;
    server.difficulty++;
    return refuse(response, 503, "Busy.", { "Retry-After": "30" });
  };
  assert.deepEqual((await visit({ kind: "report", draft }, { onProgress: ({ step }) => steps.push(step) })).upload, { ok: true });
  assert.equal(server.calls.filter((call) => call === "GET /api/v1/ticket").length, 4, "under a ticket that pays too little by now");
  assert.equal(server.calls.filter((call) => call.startsWith("PUT")).length, 4);
  assert.equal(steps.filter((step) => step === "waiting").length, 3);
  busy = 0;
  steps.length = 0;
  server.fault = (call, response) => (call.endsWith("/parts/0") && busy++ < 3 ? refuse(response, 503, "Busy.", { "Retry-After": "30" }) : undefined);
  assert.deepEqual((await visit({ kind: "report", draft: withFile(3_000_000) }, { onProgress: ({ step }) => steps.push(step) })).upload, { ok: true });
  assert.equal(server.calls.filter((call) => call === "GET /api/v1/ticket").length, 8);
  assert.equal(steps.filter((step) => step === "waiting").length, 3);
  busy = 0;
  server.fault = (call, response) => (call.startsWith("PUT") && busy++ < 4 ? refuse(response, 503, "Busy.", { "Retry-After": "1" }) : undefined);
  assert.deepEqual(problem(await visit({ kind: "report", draft })), { kind: "busy", title: "Busy.", retryAfterSeconds: 1 }, "asked for ever");
});

scene("RunVisit_TicketRefusedAtFirst_IsFetchedAndPaidAnewAFewTimes", async ({ server, visit, read }) => {
  for (const [intent, first] of [[{ kind: "check" }, /^PUT/], [{ kind: "report", draft }, /^PUT/], [{ kind: "report", draft: withFile(3_000_000) }, /parts\/0$/]] as const) {
    server.calls.length = 0;
    let refused = 0;
    server.fault = (call, response) => (first.test(call) && refused++ < 2 ? refuse(response, 403, "Too old.") : undefined);
    assert.deepEqual((await visit(intent)).upload, { ok: true });
    const tickets = server.calls.filter((call) => call === "GET /api/v1/ticket").length;
    assert.deepEqual([tickets, server.calls.filter((call) => first.test(call)).length], [3, 3]);
    refused = 0;
    server.fault = (call, response) => (first.test(call) ? (refused++, refuse(response, 403, "Too old.")) : undefined);
    assert.deepEqual(problem(await visit(intent)), { kind: "refused", status: 403, title: "Too old." });
    assert.equal(refused, 5, "tried for ever");
  }
  assert.deepEqual((await read(server.reports[2]!)).files[0], bytesOf(3_000_000));
});

scene("RunVisit_TicketGrowsOldWhileItIsWorkedFor_IsLetGo", async ({ server, visit }) => {
  const { now } = performance;
  let later = 0;
  performance.now = () => now.call(performance) + later;
  try {
    server.difficulty = 24;
    const tickets = (): number => server.calls.filter((call) => call === "GET /api/v1/ticket").length;
    // Each takes ten minutes more, once; by the fourth the flood is over.
    let aged = 0;
    const onProgress = ({ step }: VisitProgress): void => {
      if (step !== "work" || server.difficulty < 24 || aged === tickets()) return;
      aged = tickets();
      if (tickets() === 3) server.difficulty = 6;
      realTimeout(() => (later += 600_000), 30);
    };
    assert.deepEqual((await visit({ kind: "report", draft }, { onProgress })).upload, { ok: true });
    assert.deepEqual([tickets(), server.calls.filter((call) => call.startsWith("PUT")).length], [4, 1]);
    server.difficulty = 24;
    server.calls.length = 0;
    const always = ({ step }: VisitProgress): void => void (step === "work" && realTimeout(() => (later += 600_000), 2));
    assert.deepEqual(problem(await visit({ kind: "check" }, { onProgress: always })), { kind: "too-much-work", difficulty: 24 });
    assert.equal(tickets(), 60);
  } finally {
    performance.now = now;
  }
});

scene("RunVisit_ProofOfWork_TellsHowLongItTakesOnTheAverage", async ({ server, visit }) => {
  server.difficulty = 13;
  const told: VisitProgress[] = [];
  await visit({ kind: "report", draft }, { onProgress: (progress) => void (progress.step === "work" && told.push(progress)) });
  assert.ok(told.length > 0);
  assert.ok(told.slice(1).every(({ secondsLeft, totalBytes }) => secondsLeft! > 0 && secondsLeft! < 600 && totalBytes === 0));
  server.difficulty = 0;
  await visit({ kind: "report", draft }, { onProgress: ({ step }) => assert.notEqual(step, "work", "nothing is computed") });
});

scene("RunVisit_TooMuchWork_IsSaid", async ({ server, visit }) => {
  server.difficulty = 25;
  assert.deepEqual(problem(await visit({ kind: "report", draft })), { kind: "too-much-work", difficulty: 25 });
});

scene("RunVisit_LargeReport_ArrivesInParts", async ({ server, visit, read }) => {
  const steps: VisitProgress[] = [];
  const result = await visit({ kind: "report", draft: withFile(3_500_000) }, { onProgress: (progress) => steps.push(progress) });
  assert.deepEqual(result.upload, { ok: true });
  const { files } = await read(server.reports[0]!);
  assert.deepEqual(files[0], bytesOf(3_500_000));
  assert.equal(server.calls.filter((call) => call.includes("/parts/")).length, 4);
  assert.equal(server.calls.filter((call) => call.endsWith("/parts")).length, 0, "asked without need");
  const last = steps.at(-1)!;
  assert.equal(last.step, "sending");
  assert.equal(last.doneBytes, last.totalBytes);
});

scene("RunVisit_PartsBreak_AsksThenSendsTheSameBytes", async ({ server, visit, read }) => {
  let count = 0;
  server.fault = (call) => (/PUT.*parts/.test(call) && ++count % 2 === 1 ? (count % 4 === 1 ? "lose-answer" : "drop") : undefined);
  assert.deepEqual((await visit({ kind: "report", draft: withFile(4_000_000) })).upload, { ok: true });
  assert.deepEqual((await read(server.reports[0]!)).files[0], bytesOf(4_000_000));
  assert.equal(server.uploads.size, 1);
});

scene("RunVisit_PartsStayBroken_ResumesUnderTheSameTicket", async ({ server, visit, read }) => {
  server.fault = (call) => (call.includes("/parts/2") ? "drop" : undefined);
  const result = await visit({ kind: "report", draft: withFile(4_000_000) });
  assert.deepEqual(problem(result), { kind: "network" });
  const first = Buffer.concat([...[...server.uploads.values()][0]!.parts.values()]);
  server.fault = () => undefined;
  server.calls.length = 0;
  const again = await result.resume!({ onProgress: () => undefined, signal: new AbortController().signal });
  assert.deepEqual(again.upload, { ok: true });
  assert.equal(server.calls[0]!.endsWith("/parts"), true, "asks what arrived");
  assert.ok(!server.calls.some((call) => call.includes("ticket") || call.endsWith("/parts/0")));
  assert.ok(server.reports[0]!.subarray(0, first.length).equals(first));
  assert.deepEqual((await read(server.reports[0]!)).files[0], bytesOf(4_000_000));
});

scene("RunVisit_CommitLost_IsRepeated", async ({ server, visit }) => {
  let lost = 0;
  server.fault = (call) => (call.endsWith("/commit") && lost++ === 0 ? "lose-answer" : undefined);
  assert.deepEqual((await visit({ kind: "report", draft: withFile(1_500_000) })).upload, { ok: true });
  assert.equal(server.reports.length, 1);
});

scene("RunVisit_TicketEndsMidway_StartsAVisitAnew", async ({ server, visit, read }) => {
  server.fault = (call) => {
    if (call.includes("/parts/1")) server.forgetTickets();
    return undefined;
  };
  const result = await visit({ kind: "report", draft: withFile(3_000_000) });
  assert.deepEqual(problem(result), { kind: "refused", status: 403, title: "The ticket is not good." });
  const before = Buffer.concat([...[...server.uploads.values()][0]!.parts.values()]);
  server.fault = () => undefined;
  server.calls.length = 0;
  const again = await result.resume!({ onProgress: () => undefined, signal: new AbortController().signal });
  assert.equal(again.upload.ok, true);
  assert.equal(server.calls[0], "GET /api/v1/roster");
  assert.ok(!server.reports[0]!.subarray(4000, 5000).equals(before.subarray(4000, 5000)), "sealed anew");
  assert.deepEqual((await read(server.reports[0]!)).files[0], bytesOf(3_000_000));
});

scene("RunVisit_OtherBytesThere_IsRefusedWithTheSentence", async ({ server, visit }) => {
  server.fault = (call, response) => (call.includes("/parts/1") ? refuse(response, 409, "Other bytes are there.") : undefined);
  assert.deepEqual(problem(await visit({ kind: "report", draft: withFile(3_000_000) })), { kind: "refused", status: 409, title: "Other bytes are there." });
  assert.equal(server.reports.length, 0);
});

scene("RunVisit_FileChangesWhileSending_CommitsNothingAndNamesIt", async ({ server, visit }) => {
  let content = bytesOf(3_000_000);
  const file = new File([content], "b.bin");
  // A file on disk may change between two reads; one in memory cannot.
  Object.defineProperty(file, "slice", { value: (from: number, to: number) => new Blob([content.slice(from, to)]) });
  server.fault = () => {
    content = content.slice().fill(9, 2_900_000);
    return undefined;
  };
  server.deadDrops = [];
  const onProgress = ({ step }: VisitProgress): void => {
    if (step === "sealing") content = bytesOf(3_000_000);
  };
  const result = await visit({ kind: "report", draft: { ...draft, files: [file] } }, { onProgress });
  assert.deepEqual(problem(result), { kind: "file-changed", name: "b.bin" });
  assert.equal(server.reports.length, 0);
  assert.ok(!server.calls.some((call) => call.endsWith("/commit")));
});

scene("RunVisit_FileGoneBeforeTheVisit_AsksForNothing", async ({ server, visit }) => {
  const file = new File([bytesOf(70_000)], "gone.bin");
  Object.defineProperty(file, "slice", { value: () => ({ arrayBuffer: () => Promise.reject(new DOMException("gone", "NotFoundError")) }) });
  const result = await visit({ kind: "report", draft: { ...draft, files: [file] } });
  assert.deepEqual([problem(result), server.calls], [{ kind: "file-changed", name: "gone.bin" }, []]);
});

scene("RunVisit_CannotBeToldAfterAll_GoesOnAsACheck", async ({ server, visit, read }) => {
  server.calls.length = 0;
  await visit({ kind: "check" });
  const check = shape(server.calls);
  // A small file that changes between its digest and its sealing, a line that would take weeks, a text that no longer fits.
  let content = bytesOf(10_000);
  const changing = new File([content], "c.bin");
  Object.defineProperty(changing, "slice", { value: (from: number, to: number) => new Blob([content.slice(from, to)]) });
  const onProgress = ({ step }: VisitProgress): void => void (step === "dead-drops" && (content = bytesOf(10_001).slice(1)));
  const { now } = performance;
  const cases: [ReportDraft, VisitProblem["kind"], number][] = [
    [{ ...draft, files: [changing] }, "file-changed", 1],
    [{ ...draft, message: "x".repeat(63_000) }, "text-too-long", 1],
    [withFile(3_000_000), "line-too-slow", 1e8],
  ];
  for (const [told, kind, haste] of cases) {
    if (kind === "line-too-slow") {
      server.difficulty = 0;
      server.deadDrops[0]!.shards[0] = Buffer.from(randomBytes(6 * SlotSizeInBytes)); // enough to measure by
      server.deadDrops[1]!.shards[0] = Buffer.concat(Array.from({ length: 200 }, () => Buffer.from(randomBytes(SlotSizeInBytes))));
    }
    performance.now = () => now.call(performance) * haste;
    try {
      server.calls.length = 0;
      const result = await visit({ kind: "report", draft: told }, { onProgress });
      assert.deepEqual([problem(result)?.kind, result.conversation.indexRead], [kind, true]);
    } finally {
      performance.now = now;
    }
    assert.deepEqual(shape(server.calls), check, kind);
    const { report } = await read(server.reports.at(-1)!);
    assert.deepEqual([report["kind"], report["message"]], ["decoy", ""]);
  }
});

test("ToTheSecond_WorkOfAnyLength_EndsAtATickAndNotBefore", async () => {
  const { setInterval } = globalThis;
  let tick: () => void = () => assert.fail("no timer");
  globalThis.setInterval = ((call: () => void, milliseconds: number) => {
    assert.equal(milliseconds, 1000);
    tick = call;
    return realInterval(() => undefined, 1e6);
  }) as unknown as typeof setInterval;
  try {
    for (const isRight of [true, false]) {
      let finish: () => void = () => undefined;
      let ended = "";
      const all = toTheSecond(() => new Promise<string>((resolve, reject) => (finish = () => (isRight ? resolve("done") : reject(new Error("failed"))))))
        .then((value) => (ended = value), (error: Error) => (ended = error.message));
      tick(); // a second that passed while it worked
      finish();
      await new Promise((resolve) => realTimeout(resolve, 20));
      assert.equal(ended, "");
      tick();
      await all;
      assert.equal(ended, isRight ? "done" : "failed");
    }
  } finally {
    globalThis.setInterval = setInterval;
  }
});

scene("RunVisit_Cancelled_StopsAndSaysSo", async ({ server, visit }) => {
  const controller = new AbortController();
  server.fault = (call) => {
    if (call.includes("/parts/1")) controller.abort();
    return undefined;
  };
  const result = await visit({ kind: "report", draft: withFile(5_000_000) }, { signal: controller.signal });
  assert.deepEqual([problem(result), result.resume, server.reports.length], [{ kind: "cancelled" }, undefined, 0]);
});

scene("RunVisit_ReviewersChanged_AsksAndSealsToTheNewOnes", async ({ server, drop, view, visit, read }) => {
  const fewer = { ...drop.roster, version: 2, reviewers: drop.roster.reviewers.slice(0, 1) };
  server.answer = answerOf(drop, fewer);
  let asked: DropView | undefined;
  const agree = async (changed: DropView): Promise<boolean> => {
    asked = changed;
    return true;
  };
  assert.equal((await visit({ kind: "report", draft }, { confirmRoster: agree })).upload.ok, true);
  assert.equal(asked!.roster.version, 2);
  const { report } = await read(server.reports[0]!);
  assert.deepEqual([report["roster"].version, report["roster"].recipients.length], [2, 1]);

  server.calls.length = 0;
  const declined = await visit({ kind: "report", draft }, { confirmRoster: async () => false });
  assert.deepEqual(problem(declined), { kind: "roster-not-confirmed" });
  assert.equal((await read(server.reports[1]!)).report["kind"], "decoy", "nothing was told, in the same shape");
  assert.equal(view.recipients.length, 2);
});

scene("RunVisit_ReviewersChanged_AsksInACheckTooAtTheSamePlace", async ({ server, drop, visit }) => {
  server.answer = answerOf(drop, { ...drop.roster, version: 2, reviewers: drop.roster.reviewers.slice(0, 1) });
  const before: string[][] = [];
  const confirmRoster = async (): Promise<boolean> => {
    before.push([...server.calls]);
    return true;
  };
  for (const intent of [{ kind: "report", draft }, { kind: "check" }] as const) {
    server.calls.length = 0;
    const { upload, drop: seen } = await visit(intent, { confirmRoster });
    assert.equal(upload.ok, true);
    assert.equal(seen === undefined, intent.kind === "check", "a look is no consent");
  }
  assert.deepEqual(before, [["GET /api/v1/roster"], ["GET /api/v1/roster"]], "the pause tells who came to tell");
});

scene("RunVisit_OnlyAKeyRenewed_DoesNotAsk", async ({ server, drop, visit }) => {
  server.answer = answerOf(drop, { ...drop.roster, version: 2 });
  const result = await visit({ kind: "report", draft }, { confirmRoster: async () => assert.fail("asked") });
  assert.equal(result.upload.ok, true);
});

scene("RunVisit_RosterSwappedOrRolledBack_IsRefused", async ({ server, drop, view, visit }) => {
  const newer = { ...view, roster: { ...view.roster, version: 2 } };
  const rolledBack = await runVisit({ drop: newer, codename: generateCodename(), intent: { kind: "check" }, onProgress: () => undefined, signal: new AbortController().signal });
  assert.deepEqual(problem(rolledBack), { kind: "drop", refusal: { kind: "refused", check: "version" } });
  server.answer = { ...answerOf(drop, drop.roster), dropKey: drop.roster.reviewers[0]!.signingKey };
  const swapped = await visit({ kind: "report", draft });
  assert.deepEqual(problem(swapped), { kind: "drop", refusal: { kind: "refused", check: "link" } });
  assert.ok(!server.calls.some((call) => call.includes("dead-drops")));
});

scene("LoadDrop_NoServerNoSetupBadAnswer_AreToldApart", async ({ server }) => {
  server.answer = null;
  assert.deepEqual(await loadDrop(""), { kind: "not-set-up", title: "Not yet set up." });
  server.fault = (_, response) => (response.writeHead(503).end("<html>"), "handled");
  assert.deepEqual(await loadDrop(""), { kind: "busy", title: "" });
  server.fault = (_, response) => (response.end('{"dropKey":1}'), "handled");
  assert.deepEqual(await loadDrop(""), { kind: "refused", check: "answer" });
  server.fault = () => "drop";
  assert.deepEqual(await loadDrop(""), { kind: "unreachable" });
});
