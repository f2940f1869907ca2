// Calendar days without time zones: an ISO date in, whole-day arithmetic, an ISO date out.

export interface Day {
  year: number;
  month: number;
  day: number;
}

const pad = (n: number, width: number): string => String(n).padStart(width, '0');

export function isoOf({ year, month, day }: Day): string {
  return `${pad(year, 4)}-${pad(month, 2)}-${pad(day, 2)}`;
}

/** Null for anything that is not a real day, such as 31 February. */
export function dayOf(iso: string): Day | null {
  const match = /^(\d{4})-(\d{2})-(\d{2})$/.exec(iso);
  if (!match) return null;
  const day = { year: Number(match[1]), month: Number(match[2]), day: Number(match[3]) };
  return isReal(day) ? day : null;
}

export function isReal({ year, month, day }: Day): boolean {
  return year >= 1 && year <= 9999 && month >= 1 && month <= 12 && day >= 1 && day <= daysIn(year, month);
}

export function daysIn(year: number, month: number): number {
  if (month === 2) return (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0 ? 29 : 28;
  return [4, 6, 9, 11].includes(month) ? 30 : 31;
}

/** Days since 1970-01-01; UTC serves as a plain counter, no zone is involved. */
function serial({ year, month, day }: Day): number {
  const counter = new Date(0);
  counter.setUTCFullYear(year, month - 1, day);
  return Math.round(counter.getTime() / 86_400_000);
}

export function addDays(iso: string, count: number): string {
  const day = dayOf(iso);
  if (!day) return iso;
  const moved = new Date((serial(day) + count) * 86_400_000);
  return isoOf({ year: moved.getUTCFullYear(), month: moved.getUTCMonth() + 1, day: moved.getUTCDate() });
}

/** The same day of another month; the last day where that month is shorter. */
export function addMonths(iso: string, count: number): string {
  const day = dayOf(iso);
  if (!day) return iso;
  const index = day.year * 12 + day.month - 1 + count;
  const year = Math.floor(index / 12);
  const month = (index % 12) + 1;
  return isoOf({ year, month, day: Math.min(day.day, daysIn(year, month)) });
}

/** 1 = Monday … 7 = Sunday. */
export function weekdayOf(iso: string): number {
  const day = dayOf(iso);
  return day ? ((((serial(day) + 3) % 7) + 7) % 7) + 1 : 0;
}

/** Today where this computer is; the only place that reads the clock's zone. */
export function localToday(now = new Date()): string {
  return isoOf({ year: now.getFullYear(), month: now.getMonth() + 1, day: now.getDate() });
}
