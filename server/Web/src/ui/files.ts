/** What a file may give away beyond what it shows. */
export type FileKind = 'picture' | 'document' | 'other';

const pictures = /\.(jpe?g|jfif|png|gif|webp|heic|heif|avif|tiff?|bmp|raw|dng|cr[23]|nef|arw|orf|rw2|mp4|m4v|mov|avi|mkv|webm|3gp|mts)$/i;
const documents = /\.(pdf|docx?|docm|dotx?|xlsx?|xlsm|pptx?|ppsx?|odt|ods|odp|odg|rtf|pages|numbers|key|epub|wps|et|dps|vsdx?|eml|msg)$/i;

export function fileKind(name: string, type: string): FileKind {
  if (type.startsWith('image/') || type.startsWith('video/') || pictures.test(name)) return 'picture';
  if (/pdf|msword|officedocument|opendocument|ms-(excel|powerpoint)|rtf|rfc822/.test(type) || documents.test(name)) return 'document';
  return 'other';
}

/** Adds files that are not there yet: picked twice, a file is sent once. */
export function addFiles(before: readonly File[], added: readonly File[]): File[] {
  const all = [...before];
  for (const file of added) {
    const there = all.some((one) => one.name === file.name && one.size === file.size && one.lastModified === file.lastModified);
    if (!there) all.push(file);
  }
  return all;
}

const blockInBytes = 512;
const padded = (bytes: number): number => blockInBytes + Math.ceil(bytes / blockInBytes) * blockInBytes;

/**
 * Size of the archive in bytes: report.json, its signature (under a block), the attachments, two closing blocks.
 * The largest size class is what may be sent at once.
 */
export function archiveSize(reportInBytes: number, files: readonly { size: number }[]): number {
  let total = padded(reportInBytes) + padded(blockInBytes) + 2 * blockInBytes;
  for (const file of files) total += padded(file.size);
  return total;
}

export const largestArchiveInBytes = 5 * 2 ** 30;
export const mostFiles = 5000;
