// How many columns tiles stand in: as many as fit, or a few less where the last row would be left with holes.
import { useLayoutEffect, useRef } from "preact/hooks";

/** `least`: how narrow a tile may be, `gap`: between two, all in pixels. */
export function columns(tiles: number, width: number, least: number, gap: number): number {
  const most = Math.max(1, Math.floor((width + gap) / (least + gap)));
  // A room alone has a phone to itself.
  if (tiles === 1 && most <= 2) return 1;
  if (tiles <= most) return most;
  const holes = (n: number) => (n - (tiles % n)) % n;
  let best = most;
  for (let n = most - 1; n >= Math.max(2, most * 0.6); n -= 1) if (holes(n) < holes(best)) best = n;
  return best;
}

/** Sets `--columns` of the element, and again when it becomes wider or narrower. */
export function useColumns(tiles: number) {
  const at = useRef<HTMLElement>(null);
  useLayoutEffect(() => {
    const element = at.current;
    if (!element) return;
    const fit = () => {
      const style = getComputedStyle(element);
      const [least, gap] = [style.getPropertyValue("--least"), style.columnGap].map(parseFloat) as [number, number];
      element.style.setProperty("--columns", String(columns(tiles, element.clientWidth, least, gap)));
    };
    fit();
    const watch = new ResizeObserver(fit);
    watch.observe(element);
    return () => watch.disconnect();
  }, [tiles]);
  return at;
}
