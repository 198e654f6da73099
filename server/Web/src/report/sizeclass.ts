export const SmallestClassInBytes = 65536;
export const LargestClassInBytes = 5 * 2 ** 30;

/** The smallest m·2^e (m from 4 to 7, e from 14) not below the archive: at most 25 % more. */
export function sizeClass(archiveSizeInBytes: number): number {
  for (let unit = 2 ** 14; ; unit *= 2) {
    for (let m = 4; m <= 7; m++) {
      if (m * unit >= archiveSizeInBytes) return m * unit;
    }
  }
}
