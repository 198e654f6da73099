/**
 * So many different positions from 1 to `last`, in ascending order. Which words are asked back is no secret; the
 * system's randomness is used because nothing else is at hand that is as even.
 */
export function distinctPositions(count: number, last: number): number[] {
  const all = Array.from({ length: last }, (_, index) => index + 1);
  const random = crypto.getRandomValues(new Uint32Array(count));
  const chosen = Array.from(random, (number) => all.splice(number % all.length, 1)[0] ?? 0);
  return chosen.sort((a, b) => a - b);
}
