/** What a file may give away beyond what it shows. */
export type FileKind = "picture" | "document" | "other";

const pictures =
  /\.(jpe?g|jfif|png|gif|webp|heic|heif|avif|tiff?|bmp|raw|dng|cr[23]|nef|arw|orf|rw2|mp4|m4v|mov|avi|mkv|webm|3gp|mts)$/i;
const documents =
  /\.(pdf|docx?|docm|dotx?|xlsx?|xlsm|pptx?|ppsx?|odt|ods|odp|odg|rtf|pages|numbers|key|epub|wps|et|dps|vsdx?|eml|msg)$/i;

export function fileKind(name: string, type: string): FileKind {
  if (type.startsWith("image/") || type.startsWith("video/") || pictures.test(name)) return "picture";
  if (/pdf|msword|officedocument|opendocument|ms-(excel|powerpoint)|rtf|rfc822/.test(type) || documents.test(name))
    return "document";
  return "other";
}

/** Adds files that are not there yet: picked twice, a file is sent once. */
export function addFiles(before: readonly File[], added: readonly File[]): File[] {
  const all = [...before];
  for (const file of added) {
    const there = all.some(
      (one) => one.name === file.name && one.size === file.size && one.lastModified === file.lastModified,
    );
    if (!there) all.push(file);
  }
  return all;
}

/** Whether the browser can read it at all: a folder, or a file that has gone, cannot be. */
export async function isReadable(file: File): Promise<boolean> {
  try {
    await file.slice(0, 1).arrayBuffer();
    return true;
  } catch {
    return false;
  }
}
