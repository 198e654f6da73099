import type { Roster, ShownReply } from "../types.ts";
import type { Reply } from "./reply.ts";

interface Message {
  readonly first: Reply;
  /** By number, from 1. */
  readonly parts: Map<number, Reply>;
}

/** Joins parts to messages as they are found. An id belongs to its signer: nobody can take another's part away. */
export class Messages {
  readonly #messages = new Map<string, Message>();
  uncheckedCount = 0;

  /** `null` is a slot that matched and could not be opened or checked. */
  add(reply: Reply | null): void {
    if (reply === null) {
      this.uncheckedCount++;
      return;
    }
    if (reply.kind === "filler") return;
    const name = `${reply.signer.key} ${reply.id}`;
    const message = this.#messages.get(name) ?? { first: reply, parts: new Map<number, Reply>() };
    const { first } = message;
    const known = message.parts.get(reply.part);
    if (first.parts !== reply.parts || first.day !== reply.day || first.kind !== reply.kind) this.uncheckedCount++;
    else if (known !== undefined && known.message !== reply.message) this.uncheckedCount++;
    // Of one that lies in two dead drops, the one that stays longer.
    else if (known === undefined || known.deadDropDay < reply.deadDropDay) message.parts.set(reply.part, reply);
    this.#messages.set(name, message);
  }

  /** Oldest first; those of one day in the order they were found, which is random. */
  shown(roster: Roster): ShownReply[] {
    return [...this.#messages.values()]
      .map((message) => show(message, roster))
      .sort((a, b) => (a.day < b.day ? -1 : a.day > b.day ? 1 : rank(a) - rank(b)));
  }
}

/** Of one day no order is known but this: a report is opened, which sends the receipt, before it is answered. */
function rank(reply: ShownReply): number {
  return reply.kind === "receipt" ? 0 : 1;
}

function show({ first, parts }: Message, roster: Roster): ShownReply {
  const numbers = Array.from({ length: first.parts }, (_, index) => index + 1);
  const { signer } = first;
  return {
    day: first.day,
    // The part that goes first takes the whole with it.
    deadDropDay: [...parts.values()].map(({ deadDropDay }) => deadDropDay).sort()[0]!,
    signer: signer.index,
    signerKey: signer.key,
    signerName: (signer.former ? roster.former : roster.reviewers)[signer.index]!.name,
    former: signer.former,
    kind: first.kind,
    message: numbers.map((number) => parts.get(number)?.message ?? "").join(""),
    pieces: numbers.map((number) => parts.get(number)?.message ?? null),
    parts: first.parts,
    missingParts: numbers.filter((number) => !parts.has(number)),
  };
}
