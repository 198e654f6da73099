const DayInMilliseconds = 86_400_000;

/** A day in UTC as days since 1970-01-01, or null where the text is no such day (`2026-11-24`, nothing else; no year 0). */
export function parseDay(text: string): number | null {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(text) || text.startsWith("0000")) return null;
  const milliseconds = Date.parse(text + "T00:00:00Z");
  // Some engines read 2026-02-31 as a day in March: only what is spelled the same way back is a day.
  if (Number.isNaN(milliseconds) || new Date(milliseconds).toISOString().slice(0, 10) !== text) return null;
  return milliseconds / DayInMilliseconds;
}

/** Days from `from` to `to`; both are days. */
export function daysBetween(from: string, to: string): number {
  const a = parseDay(from);
  const b = parseDay(to);
  if (a === null || b === null) throw new Error("not a day");
  return b - a;
}

/** Today in UTC by this machine's clock. */
export const today = (): string => new Date().toISOString().slice(0, 10);
