// What a plot shows, asked for again each minute; a reading that comes meanwhile joins at once.
import { useEffect, useState } from "preact/hooks";
import { get } from "../api";
import { onFrame } from "../store";
import { join } from "./view";
import type { PlotView } from "./view";

/** How far back a plot goes: a word of the table (`history.range.24h`), and days. */

export const RANGES: [string, number][] = [["24h", 1], ["7d", 7], ["30d", 30], ["1y", 365]];
const AGAIN_MS = 60_000;
const SOON_MS = 1_500;

export function usePlot(entity: string, property: string, days: number): [PlotView | null, string | null] {
  const [view, setView] = useState<PlotView | null>(null);
  const [error, setError] = useState<string | null>(null);
  useEffect(() => {
    let here = true;
    let soon: ReturnType<typeof setTimeout> | undefined;
    const ask = () => {
      const from = new Date(Date.now() - days * 86_400_000).toISOString();
      get<PlotView>(`/history?entity=${encodeURIComponent(entity)}&property=${property}&from=${from}&points=400`).then(
        (v) => here && (setView(v), setError(null)),
        (e) => here && setError(e.message),
      );
    };
    ask();
    const again = setInterval(() => document.hidden || ask(), AGAIN_MS);
    const stop = onFrame((frame) => {
      if (frame.kind !== "reading" || frame.subject !== entity || frame.property !== property) return;
      setView((old) => {
        const next = old && { ...old };
        if (next && join(next, frame.at, frame.value)) return next;
        soon ??= setTimeout(() => ((soon = undefined), ask()), SOON_MS);
        return old;
      });
    });
    return () => {
      here = false;
      stop();
      clearInterval(again);
      clearTimeout(soon);
    };
  }, [entity, property, days]);
  return [view, error];
}
