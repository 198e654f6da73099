import type { CodenameKeys } from "../codename/keys.ts";
import { daysBetween } from "../days.ts";
import { Messages } from "../reply/conversation.ts";
import { openReply } from "../reply/reply.ts";
import { pause } from "../pause.ts";
import type { Conversation, DropView } from "../types.ts";
import type { DeadDrops } from "./deaddrops.ts";

/** Opens what was found and joins it. */
export async function readConversation(deadDrops: DeadDrops, keys: CodenameKeys, drop: DropView): Promise<Conversation> {
  const messages = new Messages();
  for (const { day, sealed } of deadDrops.found) {
    messages.add(await openReply(sealed, keys, drop.roster, day));
    await pause();
  }
  return {
    replies: messages.shown(drop.roster),
    uncheckedCount: messages.uncheckedCount,
    clockDisagrees: disagrees(deadDrops.newestDay, drop.day),
    serverDay: deadDrops.newestDay,
    today: drop.day,
    unreachableDays: deadDrops.unreachableDays,
    indexRead: deadDrops.indexRead,
  };
}

/** The newest day of the index should be today or the day before; else one of the two clocks is wrong. */
function disagrees(newestDay: string | null, today: string): boolean {
  if (newestDay === null) return false;
  const age = daysBetween(newestDay, today);
  return age !== 0 && age !== 1;
}

export const nothingRead = (today: string): Conversation => ({
  replies: [],
  uncheckedCount: 0,
  clockDisagrees: false,
  serverDay: null,
  today,
  unreachableDays: [],
  indexRead: false,
});
