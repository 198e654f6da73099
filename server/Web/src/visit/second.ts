/**
 * Hides how long work took: from outside it ends at a whole second after its beginning, never in between. A few milliseconds
 * more or less, visit after visit, would tell whoever watches the line telling from looking. The timer is set beforehand: a
 * wait reckoned by the clock would be wrong by as much as Tor Browser blurs that, and the work would show through.
 */
export async function toTheSecond<T>(work: () => Promise<T>): Promise<T> {
  let atTheSecond: () => void = () => undefined;
  const timer = setInterval(() => atTheSecond(), 1000);
  try {
    return await work().finally(() => new Promise<void>((resolve) => (atTheSecond = resolve)));
  } finally {
    clearInterval(timer);
  }
}
