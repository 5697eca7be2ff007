// One device: its status with the reason, what it can do, what it was over time, who wants what of it, what happened to it.
import { useState } from "preact/hooks";
import { post } from "../api";
import { useView } from "../parts/ask";
import { EntityCard } from "../parts/entity";
import { Failed, Title } from "../parts/frame";
import { RobotMap } from "../parts/map";
import { History } from "../plot/section";
import { refresh, toast, useStore } from "../store";
import type { Hold } from "../store";
import type { Device, LogLine, Plan } from "../types";
import { clock, t } from "../words";
import { Readings } from "./room";

const HOLDS: [string, string, Hold][] = [
  ["once", "until something else wants it", {}],
  ["30", "for 30 minutes", { hold_ms: 1_800_000 }],
  ["120", "for 2 hours", { hold_ms: 7_200_000 }],
  ["free", "until I let it go", { until_released: true }],
];

export function DevicePage({ id, of }: { id: string; of?: string }) {
  const { me, home } = useStore();
  const [hold, setHold] = useState("once");
  const concerns = (kind: string) => ["decision", "receipt", "hold_ended", "status", "device_announced"].includes(kind) || kind.startsWith("interlock");
  const [device, error] = useView<Device>(`/devices/${encodeURIComponent(id)}`, concerns);
  const room = home?.rooms.find((r) => r.key === device?.room);
  if (error) return <><Title back="/">{id}</Title><Failed error={error} /></>;
  if (!device) return <p class="quiet" aria-busy="true">…</p>;
  const live = device.entities.map((e) => (home?.rooms.flatMap((r) => r.entities) ?? []).concat(home?.unplaced ?? []).find((h) => h.id === e.id) ?? e);
  const acts = live.filter((e) => e.controls.length > 0 && e.category === null);
  const tells = live.filter((e) => !acts.includes(e));
  const chosen = HOLDS.find(([k]) => k === hold)?.[2];
  return (
    <>
      <Title back={room ? `/room/${room.key}` : "/"} aside={<a class="button" href={`/why/${encodeURIComponent(device.id)}`}>{t("why")}?</a>}>{device.name}</Title>
      <p class={`is ${device.status}`}><i aria-hidden="true" />{device.status}{device.status_detail ? `: ${device.status_detail}` : ""}
        <small>{[room?.name, device.manufacturer, device.model].filter(Boolean).join(" · ")}</small></p>
      {device.interlocks.map((words) => <p key={words} class="banner" role="status">{words}</p>)}
      {acts.length > 0 && (
        <label class="holds">What I set stands <select value={hold} onChange={(e) => setHold(e.currentTarget.value)}>
          {HOLDS.map(([key, words]) => <option key={key} value={key}>{words}</option>)}
        </select></label>
      )}
      <section class="cards" aria-label="Controls">{acts.map((e) => <EntityCard key={e.id} entity={e} hold={chosen} device />)}</section>
      {live.map((e) => <RobotMap key={e.id} entity={e} />)}
      <History entities={live} of={of} />
      {me?.role !== "guest" && <Claims id={device.id} />}
      {tells.length > 0 && <><h2>Readings</h2><Readings of={tells} /></>}
      {(me?.role === "owner" || me?.role === "adult") && <Recent id={device.id} />}
    </>
  );
}

function Claims({ id }: { id: string }) {
  const { me, home } = useStore();
  const [plan, , again] = useView<Plan>("/plan", (k) => k === "decision" || k === "hold_ended");
  const own = plan?.holds.filter((h) => h.entity === id || h.entity.startsWith(`${id}.`)) ?? [];
  if (own.length === 0) return null;
  const release = async (entity: string, property: string) => {
    try {
      await post("/intents", { act: "release", target: entity, properties: [property] });
    } catch (e) {
      toast(e instanceof Error ? e.message : String(e));
    }
    again();
    void refresh();
  };
  return (
    <section aria-label="Who wants what">
      <h2>Who wants what</h2>
      <ul class="readings">
        {own.map((h) => (
          <li key={h.entity + h.property + h.source}>
            <span>{h.text}<small> {h.until ? `until ${clock(h.until, home?.zone)}` : "until it is let go"}</small></span>
            {h.source === `person:${me?.person}` && <button type="button" class="button" onClick={() => void release(h.entity, h.property)}>Let go</button>}
          </li>
        ))}
      </ul>
    </section>
  );
}

function Recent({ id }: { id: string }) {
  const { home } = useStore();
  const [page] = useView<{ events: LogLine[] }>(`/log?about=${encodeURIComponent(id)}&kind=decision,receipt,status,hold_ended&limit=12`,
    (k) => ["decision", "receipt", "status"].includes(k));
  if (!page || page.events.length === 0) return null;
  return (
    <section aria-label="Lately"><h2>Lately</h2>
      <ol class="log">{[...page.events].reverse().map((e) => (
        <li key={e.id} class={`kind-${e.kind}`}><time>{clock(e.at, home?.zone)}</time><a href={`/why/${e.id}`}>{e.text}</a></li>
      ))}</ol>
    </section>
  );
}
