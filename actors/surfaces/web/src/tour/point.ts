// Points at something on the page, for as long as it is meant: an outline around it, and the page moved so that it is seen.
import { useEffect } from "preact/hooks";

export function usePoint(name: string | undefined, points: string[]): void {
  const wanted = points.join("\n");
  useEffect(() => {
    if (!wanted) return;
    let shown: Element | null = null;
    const look = () => {
      const found = wanted.split("\n").map((p) => document.querySelector(p)).find((e) => e !== null) ?? null;
      if (found === shown) return;
      shown?.removeAttribute("data-pointed");
      found?.setAttribute("data-pointed", "");
      found?.scrollIntoView({ block: "nearest" });
      shown = found;
    };
    look();
    // A page comes a moment later than its address, and draws its parts anew.
    const watch = new MutationObserver(look);
    const main = document.getElementById("main");
    if (main) watch.observe(main, { childList: true, subtree: true });
    return () => {
      watch.disconnect();
      shown?.removeAttribute("data-pointed");
    };
  }, [name, wanted]);
}
