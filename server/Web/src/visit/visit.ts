import type { VisitOptions, VisitResult } from "../types.ts";

export function runVisit(_options: VisitOptions): Promise<VisitResult> {
  throw new Error("not yet");
}
