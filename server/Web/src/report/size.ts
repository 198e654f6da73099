import { sealedSizeInBytes } from "../age/seal.ts";
import { EndSizeInBytes, memberSizeInBytes } from "../archive/ustar.ts";
import { utf8 } from "../bytes.ts";
import type { DropView, ReportDraft, ReportSize, UploadSize } from "../types.ts";
import { limitInBytes, MaximumAttachments, type ReportFrame, writeReport } from "./report.ts";
import { LargestClassInBytes, sizeClass } from "./sizeclass.ts";

/** A signature of ours has always this size: four lines, `securedrop/1`, `securedrop/1 report`. */
export const SignatureSizeInBytes = 32 + 101 + 37 + 89;

/** The same lengths as the real thing, so that what is counted is what will be sealed. */
function sizingFrame(draft: ReportDraft, drop: DropView): ReportFrame {
  const digest = "0".repeat(64);
  return {
    // The longest kind, so that the room left is the same for a report and a follow-up.
    kind: "follow-up",
    id: "0".repeat(32),
    rosterRecipients: drop.recipients.map(() => digest),
    conversation: { recipient: "0".repeat(1959), signingKey: "0".repeat(56), tagKey: digest },
    digests: draft.files.map(() => digest),
  };
}

/** Bytes of the finished `report.json`, shared by message, answers and contact, and what it may have. */
export function reportSize(draft: ReportDraft, drop: DropView): ReportSize {
  return { used: utf8(writeReport(draft, drop, sizingFrame(draft, drop))).length, limit: limitInBytes(draft) };
}

/** Bytes of the archive: `report.json`, its signature, the attachments, the end. */
export function archiveSizeInBytes(reportJsonSizeInBytes: number, files: readonly { readonly size: number }[]): number {
  return (
    memberSizeInBytes(reportJsonSizeInBytes) +
    memberSizeInBytes(SignatureSizeInBytes) +
    files.reduce((sum, file) => sum + memberSizeInBytes(file.size), 0) +
    EndSizeInBytes
  );
}

/** What this draft will be as an upload: an estimate from above, by a few bytes of `report.json`. */
export function uploadSize(draft: ReportDraft, drop: DropView): UploadSize {
  const archive = archiveSizeInBytes(reportSize(draft, drop).used, draft.files);
  const tooLarge = archive > LargestClassInBytes || draft.files.length > MaximumAttachments;
  const classBytes = tooLarge ? LargestClassInBytes : sizeClass(archive);
  return { classBytes, sealedBytes: sealedSizeInBytes(Math.max(1, drop.recipients.length), classBytes), tooLarge };
}
