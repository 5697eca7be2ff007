// Axes: instants in the household's zone, and numbers that people count in.
import { locale } from "../words";

const HOUR = 3_600_000;
const DAY = 24 * HOUR;

/** How far the clocks of a zone are ahead of UTC at an instant. */
function ahead(at: number, zone?: string): number {
  const parts = new Intl.DateTimeFormat("en-GB", {
    timeZone: zone, hourCycle: "h23", year: "numeric", month: "numeric", day: "numeric", hour: "numeric", minute: "numeric", second: "numeric",
  }).formatToParts(at);
  const part = (type: string) => Number(parts.find((p) => p.type === type)?.value);
  return Date.UTC(part("year"), part("month") - 1, part("day"), part("hour"), part("minute"), part("second")) - Math.floor(at / 1000) * 1000;
}

/** The instant at which the clocks of the zone show this. */
function instant(local: number, zone?: string): number {
  const first = local - ahead(local, zone);
  return local - ahead(first, zone);
}

export interface Tick { at: number; text: string }

/** Marks of time, at most so many: full hours, midnights, firsts of months. */
export function times(from: number, to: number, most: number, zone?: string): Tick[] {
  const span = to - from;
  // Half a mark more does no harm: a plot that goes on by a minute keeps its marks.
  const fits = (step: number) => span / step <= most + 0.5;
  const hours = [1, 2, 3, 4, 6, 12].find((h) => fits(h * HOUR));
  const days = [1, 2, 7, 14].find((d) => fits(d * DAY));
  const format = (options: Intl.DateTimeFormatOptions) => new Intl.DateTimeFormat(locale(), { ...options, timeZone: zone });
  const begin = from + ahead(from, zone);
  const ticks: Tick[] = [];
  const every = (step: number, start: number, text: Intl.DateTimeFormat) => {
    for (let local = start; ; local += step) {
      const at = instant(local, zone);
      if (at > to) break;
      if (at >= from) ticks.push({ at, text: text.format(at) });
    }
  };
  if (hours && span <= 3 * DAY) {
    every(hours * HOUR, Math.ceil(begin / (hours * HOUR)) * hours * HOUR, format({ hour: "2-digit", minute: "2-digit" }));
  } else if (days) {
    // Weeks begin on Monday; 1970 began on a Thursday.
    const since = days >= 7 ? 4 * DAY : 0;
    every(days * DAY, Math.ceil((begin - since) / (days * DAY)) * days * DAY + since, format(span <= 8 * DAY ? { weekday: "short" } : { day: "numeric", month: "short" }));
  } else {
    const months = [1, 2, 3, 6, 12].find((m) => fits(m * 30.4 * DAY)) ?? 12;
    const first = new Date(begin);
    const text = format({ month: "short" });
    for (let n = 0; ; n += months) {
      const at = instant(Date.UTC(first.getUTCFullYear(), first.getUTCMonth() + 1 + n, 1), zone);
      if (at > to) break;
      ticks.push({ at, text: text.format(at) });
    }
  }
  return ticks;
}

export interface Axis { low: number; high: number; ticks: number[]; digits: number }

/** From a bit below the least to a bit above the most, with round marks. */
export function numbers(min: number, max: number, zero = false): Axis {
  let [low, high] = zero ? [Math.min(0, min), Math.max(0, max)] : [min, max];
  if (low === high) [low, high] = zero && low === 0 ? [0, 1] : [low - Math.max(1, Math.abs(low) * 0.1), high + Math.max(1, Math.abs(high) * 0.1)];
  const rough = (high - low) / 3;
  const ten = 10 ** Math.floor(Math.log10(rough));
  const step = [1, 2, 5, 10].map((n) => n * ten).find((s) => s >= rough) ?? 10 * ten;
  low = Math.floor(low / step) * step;
  high = Math.ceil(high / step) * step;
  const ticks: number[] = [];
  for (let n = 0; low + n * step <= high + step / 1000; n += 1) ticks.push(Number((low + n * step).toPrecision(12)));
  return { low, high, ticks, digits: Math.max(0, -Math.floor(Math.log10(step))) };
}
