import type { DropView, ReportDraft, ReportSize, UploadSize } from "../types.ts";

export function reportSize(_draft: ReportDraft, _drop: DropView): ReportSize {
  throw new Error("not yet");
}
export function uploadSize(_draft: ReportDraft, _drop: DropView): UploadSize {
  throw new Error("not yet");
}
