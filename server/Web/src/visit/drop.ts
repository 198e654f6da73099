import type { DropRefusal, DropView } from "../types.ts";

/** Fetches and verifies the roster. `linkKey` is the fragment without `#`, or null. */
export function loadDrop(_linkKey: string | null): Promise<DropView | DropRefusal> {
  throw new Error("not yet");
}
