// A long press opens the detail of what a tap would act on; with a mouse it is the other button.
import { useRef } from "preact/hooks";
import { go } from "../router";

const LONG_MS = 450;
/** A finger that moves on scrolls, and presses nothing. */
const SLIP = 10;

export function useLongPress(to: string) {
  const timer = useRef<ReturnType<typeof setTimeout> | undefined>(undefined);
  const from = useRef<[number, number]>([0, 0]);
  const fired = useRef(false);
  const stop = () => clearTimeout(timer.current);
  return {
    onPointerDown: (e: PointerEvent) => {
      stop();
      fired.current = false;
      if (e.button !== 0) return;
      from.current = [e.clientX, e.clientY];
      timer.current = setTimeout(() => {
        fired.current = true;
        navigator.vibrate?.(15);
        go(to);
      }, LONG_MS);
    },
    onPointerMove: (e: PointerEvent) => Math.hypot(e.clientX - from.current[0], e.clientY - from.current[1]) > SLIP && stop(),
    onPointerUp: stop,
    onPointerCancel: stop,
    onPointerLeave: stop,
    onContextMenu: (e: Event) => {
      e.preventDefault();
      if (!fired.current) go(to);
      stop();
    },
    /** The tap that ends a long press acts no more. */
    onClickCapture: (e: Event) => {
      if (!fired.current) return;
      fired.current = false;
      e.preventDefault();
      e.stopPropagation();
      e.stopImmediatePropagation();
    },
  };
}
