import type { Texts } from "../locales/index.ts";

/** 1,234,567 bytes as "1.2 MB", in powers of a thousand as file managers do, in the reader's language. */
export function showBytes(bytes: number, texts: Texts): string {
  const units = ["B", "KB", "MB", "GB"] as const;
  let unit = 0;
  let value = bytes;
  // 999.95 would otherwise be rounded up to "1000.0 KB".
  while (unit < units.length - 1 && value >= (unit === 0 ? 1000 : 999.95)) {
    value /= 1000;
    unit++;
  }
  const amount = unit === 0 ? String(value) : value >= 99.95 ? String(Math.round(value)) : value.toFixed(1);
  return texts.bytes(amount, units[unit] ?? "B");
}

/** Two amounts in the unit of the larger, so that they can be compared at a glance. */
export function showAmount(done: number, total: number, texts: Texts): string {
  return texts.sending.amount(showBytes(Math.min(done, total), texts), showBytes(total, texts));
}

/** A day of the protocol ("2026-11-24", UTC) in words; what is no day is shown as it is. */
export function showDay(day: string, texts: Texts): string {
  const date = new Date(`${day}T00:00:00Z`);
  return /^\d{4}-\d\d-\d\d$/.test(day) && !Number.isNaN(date.getTime()) ? texts.day(date) : day;
}

const daysUntilRepliesGo = 30;

/** The last day on which what lies in the dead drop of this day is there. */
export function showLastDay(day: string, texts: Texts): string {
  const date = new Date(`${day}T00:00:00Z`);
  date.setUTCDate(date.getUTCDate() + daysUntilRepliesGo);
  return texts.day(date);
}

/** A key in groups of four characters, for comparing by eye or voice. */
export function groupsOfFour(key: string): string[] {
  return key.match(/.{1,4}/gs) ?? [];
}

/** How long something takes, never finer than a minute. */
export function showTime(seconds: number, { time }: Texts): string {
  if (seconds < 55) return time.seconds;
  const minutes = Math.round(seconds / 60);
  return minutes < 90 ? time.minutes(minutes) : time.hours(Math.round(minutes / 60));
}

const twoDaysInSeconds = 2 * 24 * 3600;

/** How long it still takes; too slow when the server will have given up before. */
export function showTimeLeft(seconds: number, texts: Texts): string {
  const { left, tooSlow } = texts.sending;
  return seconds > twoDaysInSeconds ? tooSlow : left(showTime(seconds, texts));
}
