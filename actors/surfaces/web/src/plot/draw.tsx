// The picture itself: lines with their bands, bars, bands of states, and what is not known.
import type { Json } from "../types";
import { locale, say } from "../words";
import { numbers, times } from "./scale";
import { isShare, middle, ms, runs } from "./view";
import type { PlotView, Point, Words } from "./view";

export type Box = { width: number; height: number; left: number; right: number; top: number; bottom: number };
export function boxOf(width: number, view: PlotView): Box {
  const height = view.kind === "states" && !isShare(view) || view.kind === "moments" ? 112 : width > 620 ? 250 : 210;
  const plain = height === 112;
  return { width, height, left: plain ? 4 : 46, right: 8, top: plain ? 10 : 24, bottom: 24 };
}

type Scale = { x: (at: number) => number; y: (n: number) => number };
const round = (n: number): number => Math.round(n * 10) / 10;

export function Picture({ view, box, zone, words, cursor, label }: { view: PlotView; box: Box; zone?: string; words: Words; cursor: number | null; label: string }) {
  const [from, to] = [ms(view.from), ms(view.to)];
  const share = isShare(view);
  const bars = view.kind === "counter" || share;
  const plain = !bars && view.kind !== "number";
  const values = view.points.flatMap((p) => (share ? [0, 100] : bars ? [p.rise] : [p.min, p.max]));
  const percent = view.unit === "%" && values.every((v) => v >= 0 && v <= 100);
  const axis = numbers(values.length ? Math.min(...values) : 0, values.length ? Math.max(...values) : 1, bars || percent);
  if (percent || share) axis.high = Math.min(axis.high, 100);
  const x = (at: number) => round(box.left + ((at - from) / (to - from || 1)) * (box.width - box.left - box.right));
  const y = (n: number) => round(box.top + ((axis.high - n) / (axis.high - axis.low)) * (box.height - box.top - box.bottom));
  const floor = box.height - box.bottom;
  const unit = share ? "%" : view.unit ?? "";
  return (
    <svg viewBox={`0 0 ${box.width} ${box.height}`} width={box.width} height={box.height} role="img" aria-label={label}>
      <defs><pattern id="unknown" width="7" height="7" patternUnits="userSpaceOnUse" patternTransform="rotate(45)"><line class="hatch" x1="0" y1="0" x2="0" y2="7" /></pattern></defs>
      {!plain && axis.ticks.filter((n) => n <= axis.high).map((n) => (
        <g key={n}><line class="grid" x1={box.left} x2={box.width - box.right} y1={y(n)} y2={y(n)} /><text x={box.left - 7} y={y(n) + 4} text-anchor="end">{n.toLocaleString(locale(), { maximumFractionDigits: axis.digits })}</text></g>
      ))}
      {!plain && unit && <text class="unit" x={box.left - 7} y={13} text-anchor="end">{unit}</text>}
      {view.silent.map((s) => <rect key={s.from} class="unknown" fill="url(#unknown)" x={x(ms(s.from))} y={box.top} width={Math.max(0, x(ms(s.to)) - x(ms(s.from)))} height={floor - box.top} />)}
      {times(from, to, Math.max(3, Math.floor(box.width / 70)), zone).filter(({ at }) => x(at) > box.left + 14 && x(at) < box.width - 16).map(({ at, text }) => (
        <g key={at}><line class="grid" x1={x(at)} x2={x(at)} y1={plain ? floor : box.top} y2={floor + 4} /><text x={x(at)} y={box.height - 6} text-anchor="middle">{text}</text></g>
      ))}
      {view.kind === "number" && <Lines view={view} scale={{ x, y }} />}
      {bars && <Bars view={view} scale={{ x, y }} share={share} low={axis.low} />}
      {view.kind === "states" && !share && <Bands view={view} x={x} top={box.top} height={floor - box.top} words={words} />}
      {view.kind === "moments" && view.spans.map((s) => <line key={s.from} class="moment" x1={x(ms(s.from))} x2={x(ms(s.from))} y1={box.top + 8} y2={floor} />)}
      {!plain && <line class="base" x1={box.left} x2={box.width - box.right} y1={floor} y2={floor} />}
      {cursor !== null && <line class="cursor" x1={x(cursor)} x2={x(cursor)} y1={box.top} y2={floor} />}
    </svg>
  );
}

function Lines({ view, scale: { x, y } }: { view: PlotView; scale: Scale }) {
  // The last value counts until now, or until nothing was known.
  const end = (point: Point): number => {
    const silence = view.silent.find((s) => ms(s.to) > ms(point.at) + (point.width_s ?? 0) * 1000);
    return Math.max(middle(point), Math.min(silence ? ms(silence.from) : ms(view.to), ms(view.to)));
  };
  const edge = (run: Point[], value: (p: Point) => number, last: boolean): string => {
    const steps = run.map((p, n) => {
      const before = run[n - 1];
      const lead = view.held && before ? `H${x(middle(p))}` : "";
      return `${n === 0 ? "M" : `${lead}L`}${x(middle(p))} ${y(value(p))}`;
    });
    const tail = run.at(-1);
    return steps.join("") + (last && tail ? `H${x(end(tail))}` : "");
  };
  const band = (run: Point[]): string => {
    const back = [...run].reverse().map((p) => `L${x(middle(p))} ${y(p.min)}`).join("");
    return `${edge(run, (p) => p.max, false)}${back}Z`;
  };
  return (
    <>
      {runs(view).map((run) => (
        <g key={run[0]?.at}>
          {run.length > 1 && run.some((p) => p.max > p.min) && <path class="band" d={band(run)} />}
          <path class="line" d={edge(run, (p) => p.average, true)} />
          {run.length === 1 && <circle class="dot" cx={x(middle(run[0]!))} cy={y(run[0]!.average)} r="3" />}
        </g>
      ))}
    </>
  );
}

function Bars({ view, scale: { x, y }, share, low }: { view: PlotView; scale: Scale; share: boolean; low: number }) {
  return (
    <>
      {view.points.map((p) => {
        const [left, right] = [Math.max(x(ms(p.at)), x(ms(view.from))), Math.min(x(ms(p.at) + (p.width_s ?? 300) * 1000), x(ms(view.to)))];
        const top = y(share ? p.average * 100 : p.rise);
        return <rect key={p.at} class="bar" x={left} y={top} width={Math.max(0.8, right - left - (right - left > 4 ? 1 : 0))} height={Math.max(0, y(low) - top)} />;
      })}
    </>
  );
}

/** On and off are told by height too, not by colour alone; words have a tint each, and are written where there is room. */
function Bands({ view, x, top, height, words }: { view: PlotView; x: (at: number) => number; top: number; height: number; words: Words }) {
  const tints = new Map<Json, number>();
  view.spans.forEach((s) => tints.has(s.value) || tints.set(s.value, tints.size % 6));
  return (
    <>
      {view.spans.map((s) => {
        const [left, width] = [x(ms(s.from)), Math.max(1.2, x(ms(s.to)) - x(ms(s.from)))];
        const text = say(s.value, view.unit, words.component, words.klass);
        const off = s.value === false;
        return (
          <g key={s.from}>
            <rect class={typeof s.value === "boolean" ? (off ? "off" : "on") : `tint-${tints.get(s.value)}`} x={left} width={width}
              y={off ? top + height - 8 : top} height={off ? 8 : height} rx={width > 8 ? 3 : 0} />
            {!off && width > text.length * 8 + 12 && <text class={s.value === true ? "in-on" : "in"} x={left + width / 2} y={top + height / 2 + 4} text-anchor="middle">{text}</text>}
          </g>
        );
      })}
    </>
  );
}
