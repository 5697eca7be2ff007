// What something was over time: a picture to move along in by finger, mouse or keys, a sentence, and all of it as a table.
import { useEffect, useRef, useState } from "preact/hooks";
import { mainOf, useStore } from "../store";
import type { Entity } from "../types";
import { clock, dates, length, number, propertyName, say, t, within, word } from "../words";
import { RANGES, usePlot } from "./ask";
import { Picture, boxOf } from "./draw";
import { isShare, ms, summary } from "./view";
import type { PlotView, Words } from "./view";

type Choice = { key: string; entity: Entity; property: string; label: string };

/** What of a device can be drawn, what is for every day first. */
function choices(entities: Entity[]): Choice[] {
  const daily = [...entities].sort((a, b) => Number(a.category !== null) - Number(b.category !== null));
  return daily.flatMap((entity) => {
    const main = mainOf(entity.component);
    const known = Object.keys(entity.properties).sort((a, b) => Number(b === main) - Number(a === main));
    return known.map((property) => ({ key: `${entity.id} ${property}`, entity, property, label: property === main ? entity.name : `${entity.name}: ${within(propertyName(property))}` }));
  });
}

export function History({ entities, of }: { entities: Entity[]; of?: string }) {
  const all = choices(entities);
  const [chosen, choose] = useState<string | null>(null);
  const [range, setRange] = useState("24h");
  const section = useRef<HTMLElement>(null);
  useEffect(() => choose(null), [of]);
  useEffect(() => {
    if (of) section.current?.scrollIntoView({ block: "center" });
  }, [of, all.length > 0]);
  const choice = all.find((c) => c.key === chosen) ?? all.find((c) => c.entity.id === of) ?? all[0];
  if (!choice) return null;
  return (
    <section ref={section} class="history" aria-label={t("history")}>
      <header>
        <h2>{t("history")}</h2>
        {all.length > 1 && (
          <select aria-label={t("history.what")} value={choice.key} onChange={(e) => choose(e.currentTarget.value)}>
            {all.map((c) => <option key={c.key} value={c.key}>{c.label}</option>)}
          </select>
        )}
        <span class="choice" role="group" aria-label={t("history.range")}>
          {RANGES.map(([name]) => <button key={name} type="button" aria-pressed={name === range} onClick={() => setRange(name)}>{word("history.range", name)}</button>)}
        </span>
      </header>
      <Plot key={`${choice.key} ${range}`} choice={choice} range={range} />
    </section>
  );
}

function Plot({ choice, range }: { choice: Choice; range: string }) {
  const { home } = useStore();
  const days = RANGES.find(([name]) => name === range)?.[1] ?? 1;
  const [view, error] = usePlot(choice.entity.id, choice.property, days);
  const [width, setWidth] = useState(0);
  const frame = useRef<HTMLDivElement>(null);
  useEffect(() => {
    const watch = new ResizeObserver(([entry]) => entry && setWidth(Math.floor(entry.contentRect.width)));
    if (frame.current) watch.observe(frame.current);
    return () => watch.disconnect();
  }, []);
  const main = choice.property === mainOf(choice.entity.component);
  const words = { component: main ? choice.entity.component : "", klass: choice.entity.device_class, main };
  return (
    <>
      <div ref={frame} class="plot" aria-busy={!view && !error}>
        {view && width > 0 && <Moving view={view} width={width} zone={home?.zone} words={words} range={range} />}
      </div>
      {error && <p class="quiet" role="status">{error}</p>}
      {view && <p class="sum">{summary(view, range, words)}</p>}
      {view && <AsTable view={view} zone={home?.zone} words={words} />}
    </>
  );
}

type Row = { at: number; end: number | null; text: string };

/** What can be stopped at, oldest first. */
function rows(view: PlotView, words: Words): Row[] {
  const said = (v: unknown) => say(v, view.unit, view.kind === "number" ? undefined : words.component, words.klass);
  const spans = view.spans.map((s) => ({ at: ms(s.from), end: view.kind === "moments" ? null : ms(s.to), text: said(s.value) }));
  const points = view.points.map((p) => ({
    at: ms(p.at), end: p.width_s === null ? null : ms(p.at) + p.width_s * 1000,
    text: isShare(view) ? `${said(true)} ${number(p.average * 100)} %`
      : view.kind === "counter" ? `+${said(p.rise)}`
      : p.max > p.min ? t("history.to", { value: said(p.average), min: number(p.min), max: number(p.max) }) : said(p.average),
  }));
  return [...spans, ...points].sort((a, b) => a.at - b.at);
}

/** `Wed 14:05`, `3 Nov 14:05`; a while of a day or more by its date alone. */
function when(view: PlotView, row: Row, zone?: string): string {
  const whole = row.end !== null && view.points.length > 0 && row.end - row.at >= 86_400_000;
  const near = ms(view.to) - ms(view.from) <= 8 * 86_400_000;
  const date: Intl.DateTimeFormatOptions = near ? { weekday: "short" } : { day: "numeric", month: "short" };
  const time: Intl.DateTimeFormatOptions = whole ? {} : { hour: "2-digit", minute: "2-digit" };
  return dates({ ...date, ...time }, zone).format(row.at);
}

function Moving({ view, width, zone, words, range }: { view: PlotView; width: number; zone?: string; words: Words; range: string }) {
  const [at, setAt] = useState<number | null>(null);
  // A finger says where in time; only keys count by steps.
  const pressed = useRef(false);
  const box = boxOf(width, view);
  const all = rows(view, words);
  const row = at === null ? null : all[Math.min(at, all.length - 1)] ?? null;
  const told = row ? `${when(view, row, zone)}: ${row.text}${row.end !== null && view.spans.length > 0 ? `, ${length(Math.round((row.end - row.at) / 1000))}` : ""}` : "";
  const nearest = (x: number) => {
    const wanted = ms(view.from) + ((x - box.left) / (box.width - box.left - box.right)) * (ms(view.to) - ms(view.from));
    const off = (r: Row) => (r.end !== null && wanted >= r.at && wanted <= r.end ? 0 : Math.min(Math.abs(r.at - wanted), Math.abs((r.end ?? r.at) - wanted)));
    let best = 0;
    all.forEach((r, n) => off(r) < off(all[best]!) && (best = n));
    setAt(best);
  };
  const marked = row && (view.points.length > 0 && row.end !== null ? (row.at + row.end) / 2 : Math.max(row.at, ms(view.from)));
  return (
    <>
      <Picture view={view} box={box} zone={zone} words={words} cursor={marked} label={summary(view, range, words)} />
      {all.length > 0 && (
        <input type="range" class="along" aria-label={t("history.along")} min={0} max={Math.max(0, all.length - 1)} step={1} value={at ?? all.length - 1}
          aria-valuetext={told || t("history.nowhere")} onInput={(e) => pressed.current || setAt(Number(e.currentTarget.value))} onFocus={() => setAt(at ?? all.length - 1)} onBlur={() => setAt(null)}
          onPointerMove={(e) => nearest(e.offsetX)} onPointerDown={(e) => { pressed.current = true; nearest(e.offsetX); }}
          onPointerUp={() => (pressed.current = false)} onPointerCancel={() => (pressed.current = false)} onPointerLeave={(e) => e.currentTarget !== document.activeElement && setAt(null)} />
      )}
      <output class="told" aria-hidden="true">{told}</output>
    </>
  );
}

function AsTable({ view, zone, words }: { view: PlotView; zone?: string; words: Words }) {
  const [open, setOpen] = useState(false);
  const all = open ? rows(view, words).reverse() : [];
  return (
    <details class="as-table" onToggle={(e) => setOpen(e.currentTarget.open)}>
      <summary>{t("history.table")}</summary>
      {open && (
        <div class="scroll" tabIndex={0} role="region" aria-label={t("history.tableOf")}>
          <table>
            <thead><tr><th scope="col">{t("history.when")}</th><th scope="col">{t("history.value")}</th></tr></thead>
            <tbody>{all.map((r) => <tr key={r.at}><th scope="row">{r.end !== null && view.spans.length > 0 ? t("history.span", { when: when(view, r, zone), time: clock(new Date(r.end).toISOString(), zone) }) : when(view, r, zone)}</th><td>{r.text}</td></tr>)}</tbody>
          </table>
        </div>
      )}
    </details>
  );
}
