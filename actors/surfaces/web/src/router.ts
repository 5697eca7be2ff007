// The page that is shown is the path; links work as links.
import { useEffect, useState } from "preact/hooks";

/** A part of an address; one that was typed by hand may hold anything. */
export function decoded(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}

export function go(path: string): void {
  if (path === location.pathname + location.search) return;
  history.pushState(null, "", path);
  dispatchEvent(new Event("popstate"));
  scrollTo(0, 0);
}

export function usePath(): string {
  const [path, set] = useState(location.pathname + location.search);
  useEffect(() => {
    const look = () => set(location.pathname + location.search);
    const click = (event: MouseEvent) => {
      const link = (event.target as Element).closest?.("a");
      if (!link || event.defaultPrevented || event.button || event.metaKey || event.ctrlKey || event.shiftKey) return;
      if (link.origin !== location.origin || link.target || link.pathname.startsWith("/api")) return;
      event.preventDefault();
      go(link.pathname + link.search);
    };
    addEventListener("popstate", look);
    document.addEventListener("click", click);
    return () => {
      removeEventListener("popstate", look);
      document.removeEventListener("click", click);
    };
  }, []);
  return path;
}
