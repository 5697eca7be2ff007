// What is known of the household, and what was wished and is not answered yet. Shown as it is told: a wish shows at once
// as wished, and as done only by its receipt.
import { useEffect, useState } from "preact/hooks";
import { Problem, get, post } from "./api";
import type { Done, Entity, Home, Json, Me, Receipt } from "./types";
import { Live } from "./live";
import type { Told } from "./live";
import { t } from "./words";

type State = {
  me: Me | null | undefined;
  home: Home | null;
  connected: boolean;
  pending: Record<string, Json>;
  toasts: { id: number; text: string; bad: boolean; about?: string }[];
  tick: number;
};

export const state: State = { me: undefined, home: null, connected: true, pending: {}, toasts: [], tick: 0 };
const listeners = new Set<() => void>();
let queued = false;

export function changed(): void {
  if (queued) return;
  queued = true;
  queueMicrotask(() => {
    queued = false;
    state.tick += 1;
    listeners.forEach((l) => l());
  });
}

/** Renders again whenever something changed. */
export function useStore(): State {
  const [, set] = useState(0);
  useEffect(() => {
    const listener = () => set((n) => n + 1);
    listeners.add(listener);
    return () => void listeners.delete(listener);
  }, []);
  return state;
}

let toasts = 0;
export function toast(text: string, bad = true, about?: string): void {
  const id = ++toasts;
  state.toasts = [...state.toasts.slice(-2), { id, text, bad, about }];
  changed();
  setTimeout(() => dismiss(id), bad ? 10_000 : 3_000);
}
export function dismiss(id: number): void {
  state.toasts = state.toasts.filter((t) => t.id !== id);
  changed();
}

let asked = 0;
let shown = 0;
let onTheirWay = 0;
export async function refresh(): Promise<void> {
  const mine = ++asked;
  onTheirWay += 1;
  try {
    const home = await get<Home>("/home");
    state.connected = true;
    // Of two answers that overtake each other the one that was asked for later counts.
    if (mine < shown) return;
    [state.home, shown] = [home, mine];
  } catch (e) {
    if (e instanceof Problem && e.status === 0) gone();
  } finally {
    onTheirWay -= 1;
  }
  changed();
}
const AGAIN_MS = 3_000;
let again: ReturnType<typeof setTimeout> | undefined;
/** The household does not answer: it is said, and asked again until it does. */
function gone(): void {
  state.connected = false;
  again ??= setTimeout(() => {
    again = undefined;
    if (state.me) void refresh();
  }, AGAIN_MS);
}
/** Once, if the home is neither there nor on its way. */
export const firstLook = (): void => void (onTheirWay === 0 && !state.home && refresh());

let later: ReturnType<typeof setTimeout> | undefined;
/** Soon, once for what comes together. */
export function refreshSoon(): void {
  if (later) return;
  later = setTimeout(() => {
    later = undefined;
    void refresh();
  }, 250);
}

export function entities(): Entity[] {
  const home = state.home;
  return home ? [...home.rooms.flatMap((r) => r.entities), ...home.unplaced] : [];
}

/** What was wished for, as people call it: who does not see the whole house is told its reference, and finds its name here. */
const called = (r: Receipt): string => (r.called !== r.entity ? r.called : (entities().find((e) => e.id === r.entity)?.name ?? r.entity));

const MAIN: Record<string, string> = {
  light: "on", switch: "on", fan: "on", humidifier: "on", siren: "on", climate: "mode", water_heater: "mode",
  cover: "position", valve: "position", lock: "locked", event: "event_type", device_automation: "event_type",
  button: "press", scene: "press", tag: "event_type", update: "installed_version",
};
export const mainOf = (component: string): string => MAIN[component] ?? "state";

/** The value of a property: as wished while it is not answered, else as told. */
export function value(entity: Entity, property: string): Json {
  const wished = state.pending[`${entity.id} ${property}`];
  return wished !== undefined ? wished : (entity.properties[property] ?? null);
}
export const isPending = (entity: Entity, property: string): boolean =>
  state.pending[`${entity.id} ${property}`] !== undefined;

export type Hold = { hold_ms?: number; until_released?: boolean };

/** Wishes, and says so if it did not come about; whether it did. */
export async function wish(target: string, values: Record<string, Json>, concerns: Entity[], hold: Hold = {}): Promise<boolean> {
  let fine = false;
  const told = Object.entries(values).filter(([p]) => p !== "code");
  const keys = concerns.flatMap((e) => told.map(([p]) => `${e.id} ${p}`));
  const before = Object.fromEntries(keys.map((k) => [k, state.pending[k]]));
  concerns.forEach((e) => told.forEach(([p, v]) => (state.pending[`${e.id} ${p}`] = v)));
  changed();
  const key = { "Idempotency-Key": crypto.randomUUID?.() ?? `${Date.now()}-${Math.random()}`.slice(0, 40) };
  try {
    const done = await post<Done>("/intents", { act: "set", target, values, ...hold }, key);
    const failed = done.receipts.filter((r) => r.receipt !== "confirmed" && r.receipt !== "sent");
    fine = failed.length === 0;
    failed.slice(0, 1).forEach((r) => toast(t("refused", { name: called(r), text: r.text }), true, r.entity));
  } catch (e) {
    toast(e instanceof Error ? e.message : String(e), true);
  }
  // What the thing reports now, before the wish is taken off: else it would flicker.
  await refresh();
  keys.forEach((k) => (before[k] === undefined ? delete state.pending[k] : delete state.pending[k]));
  changed();
  return fine;
}

type Frame = { at: string; kind: string; subject: string; room: string | null; property: string | null; value: Json };
const listenersOfFrames = new Set<(f: Frame) => void>();
export function onFrame(listener: (f: Frame) => void): () => void {
  listenersOfFrames.add(listener);
  return () => void listenersOfFrames.delete(listener);
}

/** It is listened anew: what changed meanwhile was not told, so each view is asked again. */
const listenersOfMeanwhile = new Set<() => void>();
export function onMeanwhile(listener: () => void): () => void {
  listenersOfMeanwhile.add(listener);
  return () => void listenersOfMeanwhile.delete(listener);
}

function apply(frame: Frame): void {
  listenersOfFrames.forEach((l) => l(frame));
  if (frame.kind === "reading" && frame.property) {
    const entity = entities().find((e) => e.id === frame.subject);
    if (!entity || entity.status === "offline") return refreshSoon();
    entity.properties[frame.property] = frame.value;
    entity.age_s = 0;
    entity.stale = false;
    if (frame.property === mainOf(entity.component)) entity.state = frame.value;
    changed();
  } else if (!["decision", "receipt", "rule_skipped"].includes(frame.kind)) {
    // Timers that people set are a room's or the household's; rules have many of their own.
    if (frame.kind.startsWith("timer_") && !frame.room && frame.subject !== "the household") return;
    refreshSoon();
  }
}

let live: Live | null = null;
/** Listens while the page is seen: a phone in a pocket and a tab behind others cost nothing. */
export function listen(): void {
  live ??= new Live(state.me?.person ?? "", told, () => get<Me>("/me"));
}

function told(what: Told, data: string): void {
  if (what === "change") return apply(JSON.parse(data));
  if (what !== "lost") {
    listenersOfMeanwhile.forEach((l) => l());
    return void refresh();
  }
  gone();
  changed();
}

export function stopListening(): void {
  live?.end();
  live = null;
}
