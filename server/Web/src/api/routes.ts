import { type Bytes, utf8 } from "../bytes.ts";
import { parseDay } from "../days.ts";
import { array, asObject, integer, text } from "../json/members.ts";
import { type Json, JsonError, parseStrict } from "../json/strict.ts";
import { parseRosterAnswer, type RosterAnswer } from "../roster/parse.ts";
import { SlotSizeInBytes } from "../reply/slot.ts";
import { BadAnswerError } from "./error.ts";
import { send } from "./request.ts";

// The routes of the source's API, all of them, and no other request than these.

const RosterLimitInBytes = 8 * 2 ** 20;
const IndexLimitInBytes = 32 * 2 ** 20;
const SmallLimitInBytes = 2 ** 20;
const MaximumDays = 100;
const MaximumDeadDropInBytes = 256 * 2 ** 20;
const MaximumTicketInCharacters = 1024;

function parse<T>(bytes: Bytes, read: (json: Json) => T): T {
  try {
    return read(parseStrict(bytes));
  } catch (error) {
    if (error instanceof JsonError) throw new BadAnswerError(error.message);
    throw error;
  }
}

export async function getRoster(signal: AbortSignal): Promise<RosterAnswer> {
  const bytes = await send({ method: "GET", path: "/api/v1/roster", answerLimitInBytes: RosterLimitInBytes, signal });
  try {
    return parseRosterAnswer(bytes);
  } catch {
    throw new BadAnswerError("not a roster");
  }
}

export interface TicketOffer {
  readonly ticket: string;
  readonly difficulty: number;
}

export async function getTicket(signal: AbortSignal): Promise<TicketOffer> {
  const bytes = await send({ method: "GET", path: "/api/v1/ticket", answerLimitInBytes: SmallLimitInBytes, signal });
  return parse(bytes, (json) => {
    const root = asObject(json);
    const ticket = text(root, "ticket");
    // It goes into a header: what no header may hold must not get there.
    if (!/^[\x21-\x7e]+$/.test(ticket) || ticket.length > MaximumTicketInCharacters) throw new JsonError("not a ticket");
    return { ticket, difficulty: integer(root, "difficulty") };
  });
}

/** A day whose dead drop is kept: `bytes` has 2^shardBits sizes. */
export interface DeadDropDay {
  readonly day: string;
  readonly shardBits: number;
  readonly bytes: readonly number[];
}

export async function getDeadDrops(signal: AbortSignal): Promise<DeadDropDay[]> {
  const bytes = await send({ method: "GET", path: "/api/v1/dead-drops", answerLimitInBytes: IndexLimitInBytes, signal });
  return parse(bytes, (json) => {
    if (!Array.isArray(json) || json.length > MaximumDays) throw new JsonError("not an index");
    return json.map(readDay);
  });
}

function readDay(json: Json): DeadDropDay {
  const root = asObject(json);
  const day = text(root, "day");
  const shardBits = integer(root, "shardBits");
  const bytes = array(root, "bytes");
  const isSize = (value: Json): value is number =>
    typeof value === "number" && value % SlotSizeInBytes === 0 && value <= MaximumDeadDropInBytes;
  if (parseDay(day) === null || shardBits > 16 || bytes.length !== 2 ** shardBits || !bytes.every(isSize)) {
    throw new JsonError("not a day of the index");
  }
  return { day, shardBits, bytes };
}

export function getDeadDrop(
  day: string,
  shard: number,
  sizeInBytes: number,
  onBytes: (received: number) => void,
  signal: AbortSignal,
): Promise<Bytes> {
  return send({
    method: "GET",
    path: `/api/v1/dead-drops/${day}/${shard}`,
    answerLimitInBytes: sizeInBytes,
    onBytes,
    signal,
  });
}

const uploadHeaders = (ticketValue: string): Record<string, string> => ({
  "Content-Type": "application/octet-stream",
  Ticket: ticketValue,
});

/** A whole report of the smallest class. */
export async function putReport(id: string, ticketValue: string, body: Bytes, signal: AbortSignal): Promise<void> {
  await send({
    method: "PUT",
    path: `/api/v1/reports/${id}`,
    headers: uploadHeaders(ticketValue),
    body,
    answerLimitInBytes: SmallLimitInBytes,
    signal,
  });
}

/** Part n of a larger one; taking the same bytes again is harmless. */
export async function putPart(id: string, n: number, ticketValue: string, body: Bytes, signal: AbortSignal): Promise<void> {
  await send({
    method: "PUT",
    path: `/api/v1/reports/${id}/parts/${n}`,
    headers: uploadHeaders(ticketValue),
    body,
    answerLimitInBytes: SmallLimitInBytes,
    signal,
  });
}

/** What has arrived of an upload. */
export async function getParts(id: string, signal: AbortSignal): Promise<number[]> {
  const path = `/api/v1/reports/${id}/parts`;
  const bytes = await send({ method: "GET", path, answerLimitInBytes: SmallLimitInBytes, signal });
  return parse(bytes, (json) =>
    array(asObject(json), "parts").map((part) => {
      if (typeof part !== "number") throw new JsonError("not a part");
      return part;
    }),
  );
}

/** From here on the report exists; repeating it is harmless. */
export async function postCommit(
  id: string,
  ticketValue: string,
  parts: number,
  sizeInBytes: number,
  signal: AbortSignal,
): Promise<void> {
  await send({
    method: "POST",
    path: `/api/v1/reports/${id}/commit`,
    headers: { "Content-Type": "application/json", Ticket: ticketValue },
    body: utf8(JSON.stringify({ parts, bytes: sizeInBytes })),
    answerLimitInBytes: SmallLimitInBytes,
    signal,
  });
}
