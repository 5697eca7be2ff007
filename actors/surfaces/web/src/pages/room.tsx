// One room: what can be done in it, what it feels like, and the rest.
import { useView } from "../parts/ask";
import { Passing, Pressing, useBoard } from "../parts/board";
import { EntityCard, Which, isMute, isSkip } from "../parts/entity";
import { Title } from "../parts/frame";
import { Presence } from "../parts/presence";
import { Timers } from "../parts/timers";
import { useStore } from "../store";
import type { Entity, Home, Room, Waiting } from "../types";
import { T, say, t } from "../words";
import { Why } from "../parts/why";
import { Hello } from "./now";

export function RoomPage({ id }: { id: string }) {
  const { home } = useStore();
  const room = home?.rooms.find((r) => r.key === id);
  if (!home) return <p class="quiet" aria-busy="true">…</p>;
  if (!room) return <><Title back="/">{t("noRoom")}</Title><p class="quiet">{t("noRoom.hint", { id })}</p></>;
  return <Inside key={id} room={room} home={home} />;
}

/** What is touched stands before what is read: on a wall, which is low, that is seen without moving anything. */
function Inside({ room, home }: { room: Room; home: Home }) {
  const { me } = useStore();
  const [board, again] = useBoard(room.key);
  const wall = me?.wall === room.key;
  // A microphone in the room is seen, and muted, at once.
  const daily = room.entities.filter((e) => e.category === null || isMute(e));
  const acts = daily.filter((e) => e.controls.length > 0 && !isSkip(e)).sort(byUse);
  const skips = (e: Entity) => daily.filter((o) => e.component === "media_player" && isSkip(o) && o.id.split(".")[0] === e.id.split(".")[0]);
  const tells = daily.filter((e) => e.controls.length === 0);
  const rest = room.entities.filter((e) => e.category !== null && !isMute(e));
  return (
    <>
      <Title back={wall ? undefined : "/"} aside={wall ? <Hello home={home} /> : <Why class="button" of={`room:${room.key}`} />}>{room.name}</Title>
      <Presence room={room} />
      {board && <Pressing of={board} zone={home.zone} again={again} />}
      <div class="sides">
        {acts.length > 0 && <section class="cards" aria-label={t("controls")}>{acts.map((e) => <EntityCard key={e.id} entity={e} among={acts} beside={skips(e)} />)}</section>}
        <div class="beside">
          <Timers of={home.timers.filter((timer) => timer.room === room.key || timer.room === null)} />
          {board && <Passing of={board} zone={home.zone} again={again} />}
        </div>
      </div>
      {tells.length > 0 && <><h2>{t("readings")}</h2><Readings of={tells} among={tells} /></>}
      {rest.length > 0 && <details class="rest"><summary>{t("diagnostics", { n: rest.length })}</summary><Readings of={rest} among={rest} /></details>}
      {room.entities.length === 0 && <Empty of={room.key} />}
    </>
  );
}

/** A room begins empty: what comes next is said to those who may do it. */
function Empty({ of }: { of: string }) {
  const { me } = useStore();
  if (me?.role !== "owner" && me?.role !== "adult") return <p class="quiet">{t("empty")}</p>;
  return (
    <section class="entity begin" aria-label={t("nextDevice")}>
      <p class="quiet">{t("empty")}</p>
      <h2>{t("nextDevice")}</h2>
      <ol>
        <li>{t("nextPair")}</li>
        <li><T of="nextPlace" link={<a href={`/adopt?room=${encodeURIComponent(of)}`}>{t("newDevices")}</a>} /></li>
      </ol>
      <Waits of={of} />
    </section>
  );
}

function Waits({ of }: { of: string }) {
  const [waiting] = useView<Waiting[]>("/adopt", (k) => ["device_announced", "home_loaded"].includes(k));
  return <a class="button primary" href={`/adopt?room=${encodeURIComponent(of)}`}>{waiting?.length ? t("newDevices.n", { n: waiting.length }) : t("newDevices")}</a>;
}

const ORDER = ["light", "climate", "cover", "lock", "switch", "fan", "media_player"];
const place = (e: Entity): number => (ORDER.indexOf(e.component) + ORDER.length + 1) % (ORDER.length + 1);
const byUse = (a: Entity, b: Entity): number => place(a) - place(b) || a.name.localeCompare(b.name);

/** `among` as of [`EntityCard`]. */
export function Readings({ of, among }: { of: Entity[]; among?: Entity[] }) {
  return (
    <ul class="readings">
      {of.map((e) => (
        <li key={e.id} class={e.stale || e.state === null ? "stale" : ""}>
          <a href={`/device/${encodeURIComponent(e.id.split(".")[0] ?? "")}?of=${encodeURIComponent(e.id)}`}>{e.name}<Which of={e} among={among} /></a>
          <strong>{say(e.state, e.unit, e.component, e.device_class)}</strong>
          <Why class="whylink" of={e.id} name={e.name}>{t("why")}</Why>
        </li>
      ))}
    </ul>
  );
}
