// A view of the API that a page shows, asked again when something changes.
import { useEffect, useState } from "preact/hooks";
import { get } from "../api";
import { onFrame, onMeanwhile } from "../store";

export function useView<T>(path: string, again?: (kind: string) => boolean): [T | null, string | null, () => void] {
  const [view, setView] = useState<T | null>(null);
  const [error, setError] = useState<string | null>(null);
  const [turn, setTurn] = useState(0);
  useEffect(() => {
    let here = true;
    get<T>(path).then(
      (v) => here && (setView(v), setError(null)),
      (e) => here && setError(e.message),
    );
    return () => void (here = false);
  }, [path, turn]);
  useEffect(() => {
    if (!again) return;
    let waiting: ReturnType<typeof setTimeout> | undefined;
    const stop = onFrame((f) => {
      if (!again(f.kind) || waiting) return;
      waiting = setTimeout(() => {
        waiting = undefined;
        setTurn((n) => n + 1);
      }, 400);
    });
    const anew = onMeanwhile(() => setTurn((n) => n + 1));
    return () => {
      stop();
      anew();
      clearTimeout(waiting);
    };
  }, [path]);
  return [view, error, () => setTurn((n) => n + 1)];
}
