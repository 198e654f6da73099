/**
 * How many characters fit into bytes that are left, judging by what was written so far: a Chinese text takes three
 * bytes a character, a line break two. Rounded down to a number that does not flicker with each key.
 */
export function charactersIn(bytes: number, written: string, emptyBytesPerCharacter: number): number {
  const characters = [...written].length;
  const perCharacter =
    characters < 8
      ? emptyBytesPerCharacter
      : (new TextEncoder().encode(JSON.stringify(written)).length - 2) / characters;
  const fit = Math.abs(bytes) / Math.max(1, perCharacter);
  if (bytes < 0) return Math.max(1, Math.ceil(fit));
  const step = fit >= 10_000 ? 1000 : fit >= 1000 ? 100 : fit >= 100 ? 10 : 1;
  return Math.floor(fit / step) * step;
}
