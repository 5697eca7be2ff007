// A control for each kind of thing that can be set.
import { useState } from "preact/hooks";
import { isPending, value, wish } from "../store";
import type { Hold } from "../store";
import type { Control, Entity, Json } from "../types";
import { propertyName, say, t, word } from "../words";
import { Icon } from "./icons";

/** Their state is what they do. */
const DOES = ["vacuum", "lawn_mower", "media_player"];

type Props = { entity: Entity; control: Control; hold?: Hold; label?: string; code?: string };

export function ControlOf(props: Props) {
  const { entity, control } = props;
  const label = props.label ?? propertyName(control.property === "state" && DOES.includes(entity.component) ? "action" : control.property);
  const pending = isPending(entity, control.property);
  const off = entity.status === "offline" || entity.status === "quarantined";
  // What asks for a code gets it along; it is kept nowhere.
  const along = props.code ? { code: props.code } : {};
  const set = (v: Json) => void wish(entity.id, { [control.property]: v, ...along }, [entity], props.hold);
  const now = value(entity, control.property);
  const name = `${entity.name}: ${label}`;
  return (
    <div class={`control ${control.kind} ${pending ? "pending" : ""}`} aria-busy={pending}>
      {control.kind !== "press" && <span class="what" aria-hidden="true">{label}</span>}
      {body(control, { now, set, name, off, entity, label })}
    </div>
  );
}

/** The code that goes along with wishes: typed, and gone with the page. */
export function CodeOf({ entity, control, code, type }: { entity: Entity; control: Control; code: string; type: (c: string) => void }) {
  const label = propertyName("code");
  return (
    <div class="control code">
      <span class="what" aria-hidden="true">{label}</span>
      <input type="password" autocomplete="off" inputMode={control.kind === "digits" ? "numeric" : "text"} aria-label={`${entity.name}: ${label}`}
        maxLength={64} value={code} onInput={(e) => type(e.currentTarget.value)} />
    </div>
  );
}

type Parts = { now: Json; set: (v: Json) => void; name: string; off: boolean; entity: Entity; label: string };

function body(control: Control, parts: Parts) {
  switch (control.kind) {
    case "switch": return control.property === "locked" ? <Lock {...parts} /> : <Switch {...parts} />;
    case "range": return <Range control={control} {...parts} />;
    case "number": return <Stepper control={control} {...parts} />;
    case "choice": return control.property === "action" ? <Deeds control={control} {...parts} /> : <Choice control={control} {...parts} />;
    case "color": return <Colour {...parts} />;
    case "press": return <Press control={control} {...parts} />;
    default: return control.property === "clean_rooms" ? <Rooms {...parts} /> : <Words {...parts} />;
  }
}

export function Switch({ now, set, name, off }: Parts) {
  return (
    <button type="button" class="switch" role="switch" aria-checked={now === true} aria-label={name} disabled={off}
      onClick={() => set(now !== true)}><i /></button>
  );
}

/** Locking is one tap; unlocking is asked for twice. */
function Lock({ now, set, name, off }: Parts) {
  const [sure, setSure] = useState(false);
  if (now !== true) {
    return <button type="button" class="button" aria-label={t("lock.of", { name })} disabled={off} onClick={() => set(true)}>{t("lock")}</button>;
  }
  const tap = () => {
    if (sure) set(false);
    setSure(!sure);
    if (!sure) setTimeout(() => setSure(false), 4000);
  };
  return (
    <button type="button" class={`button ${sure ? "danger" : ""}`} aria-label={t("unlock.of", { name })} disabled={off} onClick={tap}>
      {t(sure ? "unlock.sure" : "unlock")}
    </button>
  );
}

function Range({ control, now, set, name, off }: Parts & { control: Control }) {
  const [held, setHeld] = useState<number | null>(null);
  const min = control.min ?? 0;
  const max = control.max ?? 100;
  const shown = held ?? (typeof now === "number" ? now : min);
  const kelvin = control.property === "color_temp";
  const unit = kelvin ? "K" : (control.unit ?? (["brightness", "position", "tilt", "percentage", "target_humidity"].includes(control.property) ? "%" : ""));
  const fill = (el: HTMLInputElement | null) => el?.style.setProperty("--at", `${((shown - min) / (max - min || 1)) * 100}%`);
  return (
    <>
      <input ref={fill} type="range" class={kelvin ? "kelvin" : ""} min={min} max={max} step={control.step ?? 1} value={shown} disabled={off}
        aria-label={name} aria-valuetext={say(shown, unit)}
        onInput={(e) => setHeld(Number(e.currentTarget.value))}
        onChange={(e) => { set(Number(e.currentTarget.value)); setHeld(null); }} />
      <output>{now === null && held === null ? "—" : say(unit === "%" ? Math.round(shown) : Math.round(shown * 10) / 10, unit)}</output>
    </>
  );
}

function Stepper({ control, now, set, name, off }: Parts & { control: Control }) {
  const step = control.step ?? (control.property.includes("temperature") ? 0.5 : 1);
  const at = typeof now === "number" ? now : null;
  const to = (by: number) => {
    const next = Math.round(((at ?? control.min ?? 0) + by) * 100) / 100;
    set(Math.min(control.max ?? Infinity, Math.max(control.min ?? -Infinity, next)));
  };
  return (
    <span class="stepper" role="group" aria-label={name}>
      <button type="button" aria-label={t("less.of", { name })} disabled={off} onClick={() => to(-step)}><Icon name="minus" /></button>
      <output aria-live="polite">{say(at, control.unit ?? (control.property.includes("temperature") ? "°" : ""))}</output>
      <button type="button" aria-label={t("more.of", { name })} disabled={off} onClick={() => to(step)}><Icon name="plus" /></button>
    </span>
  );
}

function Choice({ control, now, set, name, off }: Parts & { control: Control }) {
  if (control.options.length > 5 || control.options.join("").length > 32) {
    return (
      <select aria-label={name} disabled={off} value={String(now ?? "")} onChange={(e) => set(e.currentTarget.value)}>
        {now === null && <option value="">—</option>}
        {control.options.map((o) => <option key={o} value={o}>{word("option", o)}</option>)}
      </select>
    );
  }
  return (
    <span class="choice" role="radiogroup" aria-label={name}>
      {control.options.map((o) => (
        <button key={o} type="button" role="radio" aria-checked={o === now} disabled={off} onClick={() => set(o)}>{word("option", o)}</button>
      ))}
    </span>
  );
}

/** What is done each time it is told: one tap each. */
function Deeds({ control, set, name, off }: Parts & { control: Control }) {
  return (
    <span class="choice" role="group" aria-label={name}>
      {control.options.map((o) => <button key={o} type="button" disabled={off} onClick={() => set(o)}>{word("option", o)}</button>)}
    </span>
  );
}

/** Rooms of a robot's map: taps choose them, in the order they are to be cleaned. */
function Rooms({ entity, set, name, off }: Parts) {
  const [chosen, setChosen] = useState<string[]>([]);
  const known = value(entity, "rooms");
  const rooms = typeof known === "string" && known !== "" ? known.split(", ") : [];
  const tap = (room: string) => setChosen(chosen.includes(room) ? chosen.filter((c) => c !== room) : [...chosen, room]);
  return (
    <>
      <span class="choice" role="group" aria-label={name}>
        {rooms.map((r) => <button key={r} type="button" role="checkbox" aria-checked={chosen.includes(r)} disabled={off} onClick={() => tap(r)}>{r}</button>)}
      </span>
      <button type="button" class="button" aria-label={`${name}: ${chosen.join(", ")}`} disabled={off || chosen.length === 0}
        onClick={() => { set(chosen.join(", ")); setChosen([]); }}><Icon name="plus" /></button>
    </>
  );
}

function Colour({ now, set, name, off }: Parts) {
  const hex = typeof now === "string" && /^#[0-9a-f]{6}$/i.test(now) ? now : "#ffd9a0";
  return <input type="color" aria-label={name} disabled={off} value={hex} onChange={(e) => set(e.currentTarget.value)} />;
}

function Press({ control, set, name, off, label }: Parts & { control: Control }) {
  return <button type="button" class="button" aria-label={name} disabled={off} onClick={() => set(control.options[0] ?? true)}>{label}</button>;
}

function Words({ now, set, name, off }: Parts) {
  const [typed, setTyped] = useState(String(now ?? ""));
  return (
    <form class="words" onSubmit={(e) => { e.preventDefault(); set(typed); }}>
      <input aria-label={name} disabled={off} value={typed} maxLength={200} onInput={(e) => setTyped(e.currentTarget.value)} />
      <button type="submit" class="button" disabled={off}>{t("set")}</button>
    </form>
  );
}
