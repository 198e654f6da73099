import { BadAnswerError, NetworkError, RefusedError } from "../api/error.ts";
import { withRetries } from "../api/retry.ts";
import { getRoster } from "../api/routes.ts";
import { today } from "../days.ts";
import { parsePublicKey } from "../minisign/key.ts";
import { RosterError } from "../roster/error.ts";
import type { RosterAnswer } from "../roster/parse.ts";
import { verifyRoster } from "../roster/verify.ts";
import type { DropRefusal, DropView } from "../types.ts";

/** Fetches and verifies the roster. `fragment` is what stands in the link after `#`; empty where nothing does. */
export function loadDrop(fragment: string): Promise<DropView | DropRefusal> {
  const linkKey = fragment === "" ? null : withoutEscapes(fragment);
  return fetchDrop(linkKey, linkKey, new AbortController().signal);
}

/**
 * Mail programs and chat apps write a key's `+`, `/` and `=` as `%2B`, `%2F` and `%3D`. Undone once; what holds any other
 * percent sign is left as it is, and is then no key.
 */
function withoutEscapes(fragment: string): string {
  try {
    return decodeURIComponent(fragment);
  } catch {
    return fragment;
  }
}

/**
 * `pinnedKey` must stand in the chain of drop keys: the link's, or else the key that was shown before, so that a drop
 * cannot become another one between two requests. Throws only the signal's reason.
 */
export async function fetchDrop(
  linkKey: string | null,
  pinnedKey: string | null,
  signal: AbortSignal,
): Promise<DropView | DropRefusal> {
  try {
    const answer = await withRetries(() => rosterOrRefusal(signal), signal);
    if (answer instanceof RefusedError) return { kind: kindOf(answer), title: answer.title };
    return { ...(await verifyRoster(answer, pinnedKey, today())), linkKey, linkVouches: linkKey !== null };
  } catch (error) {
    if (signal.aborted) throw error;
    if (error instanceof RosterError) return { kind: "refused", check: isBroken(error, pinnedKey) ? BrokenLink : error.check };
    if (error instanceof BadAnswerError) return { kind: "refused", check: "answer" };
    if (error instanceof NetworkError) return { kind: "unreachable" };
    throw error;
  }
}

/** The problem type of a drop without a roster: any other refusal, a host's in between too, may pass. */
const NotSetUp = "urn:securedrop:not-set-up";

const kindOf = ({ type, status }: RefusedError): DropRefusal["kind"] =>
  type === NotSetUp ? "not-set-up" : status === 503 ? "busy" : "unreachable";

/** What stands in the link is no key at all: a slip, most likely, where a key that leads elsewhere is a false list. */
const BrokenLink = "broken link";

const isBroken = ({ check }: RosterError, key: string | null): boolean =>
  check === "link" && key !== null && parsePublicKey(key) === null;

/** A refusal is not worth a second try: a drop that is not set up stays so for longer than anyone waits. */
async function rosterOrRefusal(signal: AbortSignal): Promise<RosterAnswer | RefusedError> {
  try {
    return await getRoster(signal);
  } catch (error) {
    if (error instanceof RefusedError) return error;
    throw error;
  }
}

export const isRefusal = (drop: DropView | DropRefusal): drop is DropRefusal => "kind" in drop;
