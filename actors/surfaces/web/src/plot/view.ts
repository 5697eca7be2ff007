// What is drawn of a property, as the API tells it, and what it comes to in a sentence.
import type { Json } from "../types";
import { length, number, propertyName, say, t, within, word } from "../words";

export interface Point { at: string; width_s: number | null; count: number; min: number; mean: number; max: number; average: number; last: number; rise: number }
export interface Span { from: string; to: string; value: Json }
export interface PlotView {
  entity: string; name: string; property: string; unit: string | null; kind: "number" | "counter" | "states" | "moments";
  held: boolean; from: string; to: string; step_s: number | null; points: Point[]; spans: Span[]; silent: { from: string; to: string }[];
}
/** What else the words of a value need. */
export type Words = { component: string; klass: string | null; main: boolean };

export const ms = (at: string): number => Date.parse(at);
/** The instant that a point is drawn at: what came together stands in the middle of its while. */
export const middle = (p: Point): number => ms(p.at) + (p.width_s ?? 0) * 500;
/** Shares of a state, where its samples are too many: how long it was on. */
export const isShare = (view: PlotView): boolean => view.kind === "states" && view.spans.length === 0 && view.points.length > 0;

/** Runs of points with no silence within: a line leads through each, and from none to the next. */
export function runs(view: PlotView): Point[][] {
  const silent = view.silent.map((s): [number, number] => [ms(s.from), ms(s.to)]);
  const found: Point[][] = [];
  for (const point of view.points) {
    const run = found.at(-1);
    const before = run?.at(-1);
    const end = before ? ms(before.at) + (before.width_s ?? 0) * 1000 : 0;
    const apart = before && (silent.some(([from, to]) => to > end && from < ms(point.at) && to - from > 1000)
      || (point.width_s !== null && ms(point.at) - end > point.width_s * 500));
    if (run && !apart) run.push(point);
    else found.push([point]);
  }
  return found;
}

/** How long a value that began here went on: to the next point, or to where silence begins. */
function lasted(view: PlotView, n: number): number {
  const point = view.points[n]!;
  if (point.width_s !== null) return point.width_s * 1000;
  const next = view.points[n + 1];
  const silence = view.silent.find((s) => ms(s.from) >= ms(point.at));
  return Math.max(0, Math.min(next ? ms(next.at) : ms(view.to), silence ? ms(silence.from) : Infinity) - ms(point.at));
}

/** Joins a reading that came just now; false: it must be asked for anew. */
export function join(view: PlotView, at: string, value: Json): boolean {
  if (ms(at) < ms(view.to)) return false;
  if (view.kind === "number" && typeof value === "number") {
    view.points = [...view.points, { at, width_s: null, count: 1, min: value, mean: value, max: value, average: value, last: value, rise: 0 }];
  } else if (view.kind === "states" && !isShare(view) && value !== null) {
    const last = view.spans.at(-1);
    const on = last && ms(last.to) >= ms(view.to);
    const kept = view.spans.map((s) => (s === last && on ? { ...s, to: at } : s));
    view.spans = on && last.value === value ? kept : [...kept, { from: at, to: at, value }];
  } else return false;
  view.to = at;
  return true;
}

/** All of it in one sentence. */
export function summary(view: PlotView, range: string, words: Words): string {
  const name = view.name.charAt(0).toUpperCase() + view.name.slice(1);
  const what = words.main ? name : t("history.of", { name, property: within(propertyName(view.property)) });
  const known = view.points.length + view.spans.length > 0 || view.kind === "moments";
  const told = view.points.length + view.spans.length ? figures(view, words) : t(known ? "history.never" : "history.nothing");
  const silent = view.silent.reduce((sum, s) => sum + ms(s.to) - ms(s.from), 0);
  const all = known && silent > 60_000 ? t("history.silent", { told, long: length(Math.round(silent / 1000)) }) : told;
  return t("history.sum", { what, in: word("history.in", range), told: all });
}

function figures(view: PlotView, { component, klass }: Words): string {
  const saidOf = (v: Json) => say(v, view.unit, view.kind === "number" ? undefined : component, klass);
  if (view.kind === "moments") return t("history.times", { n: view.spans.length });
  if (view.kind === "counter") return t("history.rose", { by: saidOf(view.points.reduce((sum, p) => sum + p.rise, 0)), now: saidOf(view.points.at(-1)!.last) });
  const weights = view.points.map((_, n) => lasted(view, n));
  const all = weights.reduce((sum, w) => sum + w, 0);
  const average = all > 0 ? view.points.reduce((sum, p, n) => sum + p.average * weights[n]!, 0) / all : view.points.at(-1)?.average ?? 0;
  if (isShare(view)) return t("history.share", { value: saidOf(true), n: number(average * 100) });
  if (view.kind === "number") {
    const [min, max] = [Math.min(...view.points.map((p) => p.min)), Math.max(...view.points.map((p) => p.max))];
    const last = saidOf(view.points.at(-1)!.last);
    return min === max ? t("history.steady", { value: last }) : t("history.between", { min: number(min), max: saidOf(max), average: saidOf(average), last });
  }
  const totals = new Map<string, [Json, number, number]>();
  for (const span of view.spans) {
    const kept = totals.get(String(span.value)) ?? [span.value, 0, 0];
    totals.set(String(span.value), [span.value, kept[1] + ms(span.to) - ms(span.from), kept[2] + 1]);
  }
  const told = [...totals.values()].sort((a, b) => Number(b[0] === true) - Number(a[0] === true) || b[1] - a[1]).slice(0, 3);
  const parts = told.map(([value, long, n]) => t(n > 1 ? "history.forTimes" : "history.for", { value: saidOf(value), long: length(Math.round(long / 1000)), n }));
  return t("history.last", { parts: parts.join(", "), last: saidOf(view.spans.at(-1)!.value) });
}
