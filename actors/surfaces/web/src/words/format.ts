// Times, lengths, numbers and values, as people say them.
import { known, language, locale, t, word } from "./language";

/** Formatters are dear to make and cheap to use: one for each language, zone and form. */
const made = new Map<string, Intl.DateTimeFormat | Intl.NumberFormat>();

export function dates(options: Intl.DateTimeFormatOptions, zone?: string): Intl.DateTimeFormat {
  const key = `${locale()} ${zone} ${JSON.stringify(options)}`;
  const found = made.get(key) ?? new Intl.DateTimeFormat(locale(), { ...options, timeZone: zone });
  made.set(key, found);
  return found as Intl.DateTimeFormat;
}

function numbers(digits: number): Intl.NumberFormat {
  const key = `${locale()} ${digits}`;
  const found = made.get(key) ?? new Intl.NumberFormat(locale(), { maximumFractionDigits: digits });
  made.set(key, found);
  return found as Intl.NumberFormat;
}

const span = (s: number): string =>
  s < 60 ? t("unit.s", { n: s }) : s < 7200 ? t("unit.min", { n: Math.floor(s / 60) })
    : s < 172800 ? t("unit.h", { n: Math.floor(s / 3600) }) : t("unit.d", { n: Math.floor(s / 86400) });

const since = (at: string, now = Date.now()): number => Math.max(0, Math.round((now - Date.parse(at)) / 1000));

/** `40 s ago`, `12 min ago`, `3 h ago`, `9 d ago`. */
export function ago(at: string | null | undefined, now = Date.now()): string {
  if (!at) return "";
  const s = since(at, now);
  return s < 5 ? t("justNow") : t("ago", { long: span(s) });
}

/** For how long something is so already. */
export function lasting(at: string | null): string {
  if (!at) return "";
  const s = since(at);
  return s < 5 ? t("moments") : span(s);
}

/** Seconds as `40 s`, `5 min`, `2 h`, `9 d`. */
export function length(s: number): string {
  if (s < 120) return t("unit.s", { n: s });
  if (s < 7200) return t("unit.min", { n: Math.round(s / 60) });
  return s < 172800 ? t("unit.h", { n: tenth(s / 3600) }) : t("unit.d", { n: tenth(s / 86400) });
}
const tenth = (n: number): string => numbers(1).format(n);

/** Until then, as `4 min 20 s`. */
export function left(at: string): string {
  const s = Math.max(0, Math.ceil((Date.parse(at) - Date.now()) / 1000));
  return s < 60 ? t("unit.s", { n: s }) : s < 3600 ? t("unit.minS", { n: Math.floor(s / 60), s: s % 60 }) : length(s);
}

export const bytes = (n: number): string => (n < 1024 ? `${n} B` : `${number(n / 1024)} KiB`);

export function clock(at: string, zone?: string): string {
  return dates({ hour: "2-digit", minute: "2-digit", second: "2-digit" }, zone).format(new Date(at));
}

export function day(at: string, zone?: string): string {
  return dates({ weekday: "long", day: "numeric", month: "long" }, zone).format(new Date(at));
}

/** When something comes, as short as it can be told: `14:30` today, `tomorrow`, `Sat 14:30`, `Sat, 28 Nov`. */
export function coming(at: string, whole: boolean, zone?: string): string {
  // A day is the same day everywhere.
  const where = whole ? "UTC" : zone;
  const date = new Date(whole ? `${at.slice(0, 10)}T12:00:00Z` : at);
  // A month, or what else somebody wrote, stands as it is.
  if (Number.isNaN(date.getTime())) return at;
  const number = (d: Date, z?: string) => Date.parse(`${new Intl.DateTimeFormat("sv", { timeZone: z }).format(d)}T00:00:00Z`) / 86_400_000;
  const days = number(date, where) - number(new Date(), zone);
  const hour = whole ? "" : dates({ hour: "2-digit", minute: "2-digit" }, where).format(date);
  if (days === 0 && hour) return hour;
  const day = Math.abs(days) < 2 ? new Intl.RelativeTimeFormat(locale(), { numeric: "auto" }).format(days, "day")
    : dates(days > 0 && days < 7 ? { weekday: "short" } : { weekday: "short", day: "numeric", month: "short" }, where).format(date);
  return hour ? `${day} ${hour}` : day;
}

/** As a name stands within a sentence: German nouns keep their capital. */
export const within = (name: string): string => (language() === "de" ? name : name.toLowerCase());

export const propertyName = (p: string): string => word("property", p);

export function number(value: number): string {
  return numbers(Math.abs(value) >= 100 ? 0 : 1).format(value);
}

/** A value as people say it. */
export function say(value: unknown, unit?: string | null, component?: string, klass?: string | null): string {
  if (value === null || value === undefined) return "—";
  if (typeof value === "boolean") {
    if (component === "lock") return t(value ? "is.locked" : "is.unlocked");
    const own = component === "binary_sensor" && klass ? known("is", `${klass}${value ? "" : ".not"}`) : undefined;
    return own ?? t(value ? "on" : "off");
  }
  // What opens and closes is open or closed; between them it is told how far.
  if (typeof value === "number" && (component === "cover" || component === "valve")) return value > 0 && value < 100 ? `${number(value)} %` : word("option", value > 0 ? "open" : "closed");
  if (typeof value === "number") return unit ? `${number(value)}${unit.startsWith("°") ? "" : " "}${unit}` : number(value);
  return known("option", String(value)) ?? String(value);
}

/** What something is called in commands, to be shown beside its name. The household itself is called nothing there. */
export function reference(subject: string): string | undefined {
  return subject === "the household" ? undefined : subject;
}
