import { BadAnswerError, NetworkError, RefusedError } from "../api/error.ts";
import { withRetries } from "../api/retry.ts";
import { type DeadDropDay, getDeadDrop, getDeadDrops } from "../api/routes.ts";
import type { Flow } from "./pace.ts";
import type { Bytes } from "../bytes.ts";
import { daysBetween } from "../days.ts";
import { shardWithin } from "../reply/shard.ts";
import { scanDeadDrop } from "../reply/slot.ts";

/** A dead drop after today, or older than this, is fetched like the others and ignored: the index is not signed. */
const MaximumAgeInDays = 31;

export interface FoundReply {
  readonly day: string;
  readonly sealed: Bytes;
}

/** What the dead drops held for a codename; nothing is opened yet, so that finding takes as long as not finding. */
export interface DeadDrops {
  readonly found: readonly FoundReply[];
  readonly indexRead: boolean;
  readonly newestDay: string | null;
  readonly unreachableDays: readonly string[];
}

/** Whose replies are looked for, and where. */
export interface Search {
  /** Tells which slots are the codename's. */
  readonly tagKey: CryptoKey;
  /** Chooses the shard of every day: the codename's tag key, or for a first report one that is thrown away. */
  readonly shardKey: CryptoKey;
  /** The roster's `shardBits`: a day may be narrower, from before it was raised. */
  readonly mostShardBits: number;
}

const isLineOrServer = (error: unknown): boolean =>
  error instanceof NetworkError || error instanceof RefusedError || error instanceof BadAnswerError;

/**
 * Downloads every day of the index, in its order: of each the dead drop of the shard. A day that cannot be had, or is
 * wider than the roster says, is named and does not stop the visit.
 */
export async function visitDeadDrops(
  { tagKey, shardKey, mostShardBits }: Search,
  today: string,
  onBytes: (done: number, total: number) => void,
  flow: Flow,
  signal: AbortSignal,
): Promise<DeadDrops> {
  const days = await readIndex(signal);
  if (days === null) return { found: [], indexRead: false, newestDay: null, unreachableDays: [] };

  const found: FoundReply[] = [];
  const unreachableDays: string[] = [];
  const chosen: { day: string; shard: number; size: number; isWhole: boolean }[] = [];
  for (const { day, shardBits, bytes } of days) {
    const shard = await shardWithin(shardKey, shardBits, mostShardBits);
    chosen.push({ day, shard, size: bytes[shard]!, isWhole: shardBits <= mostShardBits });
  }
  const total = chosen.reduce((sum, { size }) => sum + size, 0);
  let done = 0;
  for (const { day, shard, size, isWhole } of chosen) {
    const age = daysBetween(day, today);
    const counts = age >= 0 && age <= MaximumAgeInDays;
    try {
      const fetchOne = () => {
        let before = 0;
        const onReceived = (received: number): void => {
          flow.add(received - before, before === 0);
          before = received;
          onBytes(done + received, total);
        };
        return getDeadDrop(day, shard, size, onReceived, signal);
      };
      const deadDrop = await withRetries(fetchOne, signal);
      const sealed = await scanDeadDrop(deadDrop, tagKey);
      if (counts) found.push(...sealed.map((bytes) => ({ day, sealed: bytes })));
      if (counts && (deadDrop.length !== size || !isWhole)) unreachableDays.push(day);
    } catch (error) {
      if (signal.aborted || !isLineOrServer(error)) throw error;
      if (counts) unreachableDays.push(day);
    }
    done += size;
    onBytes(done, total);
  }
  return { found, indexRead: true, newestDay: newest(days), unreachableDays };
}

async function readIndex(signal: AbortSignal): Promise<DeadDropDay[] | null> {
  try {
    return await withRetries(() => getDeadDrops(signal), signal);
  } catch (error) {
    if (signal.aborted || !isLineOrServer(error)) throw error;
    return null;
  }
}

const newest = (days: readonly DeadDropDay[]): string | null =>
  days.reduce<string | null>((latest, { day }) => (latest === null || day > latest ? day : latest), null);
