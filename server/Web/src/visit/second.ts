/**
 * Hides how long work took: from outside it ends at a whole second after its beginning, never in between. A long text takes a
 * tenth of a second longer to sign than none, where there is no JIT: enough for who watches the line to tell telling from
 * looking. The timer is set beforehand; what is reckoned by the clock would go wrong by as much as Tor Browser blurs it.
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
