// Where somebody is in the tour, remembered on this device for each person: a reload goes on where it was, and what was left is
// not offered again.
import { changed, state } from "../store";

const OVER = "over";
const key = (): string => `lares-tour-${state.me?.person ?? ""}`;
/** For a browser that keeps nothing: then it lasts as long as the page. */
let kept: Record<string, string> = {};

const read = (): string | null => {
  try {
    return localStorage.getItem(key());
  } catch {
    return kept[key()] ?? null;
  }
};

function write(value: string): void {
  try {
    localStorage.setItem(key(), value);
  } catch {
    kept = { ...kept, [key()]: value };
  }
  changed();
}

/** Nobody has taken it, or said no to it, here. */
export const isNew = (): boolean => read() === null;
/** The name of the step that is shown. */
export const at = (): string | null => {
  const name = read();
  return name === OVER ? null : name;
};
export const goTo = (name: string): void => write(name);
export const leave = (): void => write(OVER);
