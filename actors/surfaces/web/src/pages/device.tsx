// One device: its status with the reason, what it can do, what it was over time, who wants what of it, what happened to it.
import { useState } from "preact/hooks";
import { useView } from "../parts/ask";
import { Claims, Recent } from "../parts/claims";
import { EntityCard } from "../parts/entity";
import { Failed, Title } from "../parts/frame";
import { RobotMap } from "../parts/map";
import { Picture } from "../parts/picture";
import { History } from "../plot/section";
import { useStore } from "../store";
import type { Hold } from "../store";
import type { Device } from "../types";
import { t, word } from "../words";
import type { Key } from "../words";
import { Readings } from "./room";
import { may } from "../parts/places";
import { Why } from "../parts/why";

const HOLDS: [string, Key, Hold][] = [
  ["once", "holds.once", {}],
  ["30", "holds.30", { hold_ms: 1_800_000 }],
  ["120", "holds.120", { hold_ms: 7_200_000 }],
  ["free", "holds.free", { until_released: true }],
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
      <Title back={room ? `/room/${room.key}` : "/"} aside={<Why class="button" of={device.id} />}>{device.name}</Title>
      <p class={`is ${device.status}`}><i aria-hidden="true" />{word("status", device.status)}{device.status_detail ? `: ${device.status_detail}` : ""}
        <small>{[room?.name, device.manufacturer, device.model].filter(Boolean).join(" · ")}</small></p>
      {device.interlocks.map((words) => <p key={words} class="banner" role="status">{words}</p>)}
      {acts.length > 0 && (
        <label class="holds">{t("holds")} <select value={hold} onChange={(e) => setHold(e.currentTarget.value)}>
          {HOLDS.map(([key, words]) => <option key={key} value={key}>{t(words)}</option>)}
        </select></label>
      )}
      {acts.length > 0 && <section class="cards" aria-label={t("controls")}>{acts.map((e) => <EntityCard key={e.id} entity={e} hold={chosen} />)}</section>}
      {live.map((e) => <RobotMap key={e.id} entity={e} />)}
      {live.map((e) => <Picture key={e.id} entity={e} />)}
      <History entities={live} of={of} />
      {may(me, "why") && <Claims title={t("claims")} mine={(h) => h.entity === device.id || h.entity.startsWith(`${device.id}.`)} />}
      {tells.length > 0 && <><h2>{t("readings")}</h2><Readings of={tells} /></>}
      {may(me, "journal") && <Recent about={device.id} kinds="decision,receipt,status,hold_ended" />}
    </>
  );
}
