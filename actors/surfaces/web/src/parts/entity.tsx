// One entity on a page: what it is, how it is, and what can be done with it.
import { value } from "../store";
import type { Hold } from "../store";
import type { Control, Entity } from "../types";
import { propertyName, say, t, word } from "../words";
import { useState } from "preact/hooks";
import { CodeOf, ControlOf } from "./controls";
import { Icon, iconOf } from "./icons";
import { Why } from "./why";

/** What is used every day comes first; a light's colours wait behind a click. */
const FIRST = ["on", "locked", "target_temperature", "position", "mode", "brightness", "percentage", "muted", "volume", "source", "state", "press"];

/** What skips what plays: shown with its player. */
export const isSkip = (entity: Entity): boolean => /^(player|stream)-[^.]*\.(next|previous)$/.test(entity.id);

/** `among`: what stands on the same page. Without it this is the page of its device. */
export function EntityCard({ entity, hold, among, beside = [] }: { entity: Entity; hold?: Hold; among?: Entity[]; beside?: Entity[] }) {
  const gone = entity.status === "offline" || entity.status === "quarantined";
  const [code, setCode] = useState("");
  const asks = entity.controls.find((c) => c.property === "code");
  const ordered = entity.controls.filter((c) => c !== asks).sort((a, b) => rank(a) - rank(b));
  const on = ordered.find((c) => c.property === "on" && c.kind === "switch");
  const rest = ordered.filter((c) => c !== on);
  const first = rest.filter((c) => rank(c) < FIRST.length);
  const more = rest.filter((c) => rank(c) >= FIRST.length);
  const versions = entity.component === "update";
  // A piece without a name, or by nobody, is not told; nor is how far nothing is, or what a lock says twice.
  const idle = (p: string, v: unknown) => (versions && p === "percentage" && v === null) || (entity.component === "lock" && p === "action" && /^(un)?locked$/.test(String(v)));
  const readings = Object.entries(entity.properties).filter(([p, v]) => v !== "" && !idle(p, v) && !entity.controls.some((c) => c.property === p));
  const single = entity.controls.length === 0;
  const lit = value(entity, "on") === true;
  return (
    <article class={`entity ${lit ? "on" : ""} ${gone ? "gone" : ""}`}>
      <header>
        <Icon name={iconOf(entity.component, entity.device_class)} />
        <h2>{!among ? entity.name : <a href={`/device/${encodeURIComponent(entity.id.split(".")[0] ?? "")}`}>{entity.name}</a>}<Which of={entity} among={among} /></h2>
        {single && <strong class={entity.stale ? "stale" : ""}>{say(entity.state, entity.unit, entity.component, entity.device_class)}</strong>}
        {on && <ControlOf entity={entity} control={on} hold={hold} />}
        <Why class="whylink" of={entity.id} name={entity.name}><Icon name="why" /></Why>
      </header>
      {gone && <p class="quiet">{t("gone")}</p>}
      {!gone && entity.stale && <p class="quiet">{t("stale")}</p>}
      {asks && <CodeOf entity={entity} control={asks} code={code} type={setCode} />}
      {first.map((c) => <ControlOf key={c.property} entity={entity} control={c} hold={hold} code={code} label={versions && c.property === "press" ? t("updates.install") : undefined} />)}
      {beside.flatMap((e) => e.controls.map((c) => <ControlOf key={e.id} entity={e} control={c} hold={hold} label={word("option", e.id.split(".")[1] ?? "")} />))}
      {!single && readings.length > 0 && (
        <p class="facts">{readings.map(([p, v]) => <span key={p}>{propertyName(versions && p === "percentage" ? "progress" : p)} {say(v, unitOf(p))}</span>)}</p>
      )}
      {more.length > 0 && (
        <details><summary>{t("more")}</summary>{more.map((c) => <ControlOf key={c.property} entity={entity} control={c} hold={hold} />)}</details>
      )}
    </article>
  );
}

/** Of a property beside the entity's own. */
const unitOf = (property: string): string => (property.includes("temperature") ? "°" : /humidity|battery|percentage/.test(property) ? "%" : "");

/** Whether it mutes a satellite's microphone. */
export const isMute = (entity: Entity): boolean => /^satellite-[^.]*\.muted$/.test(entity.id);

/** `front-door · contact`: what it is called in the home's files, which its device's page tells. Elsewhere only where several share a name. */
export function Which({ of, among }: { of: Entity; among?: Entity[] }) {
  const unlike = among && !among.some((e) => e.id !== of.id && e.name === of.name);
  return unlike ? null : <small>{of.id.replace(".", " · ")}</small>;
}

function rank(control: Control): number {
  const at = FIRST.indexOf(control.property);
  return at < 0 ? FIRST.length : at;
}
