// The whole house at a glance: what needs somebody, who is here, and each room with its one tap.
import { useState } from "preact/hooks";
import { post } from "../api";
import { useView } from "../parts/ask";
import { Answers, AtTheDoor, Rings } from "../parts/board";
import { Icon, iconOf } from "../parts/icons";
import { Title } from "../parts/frame";
import { useColumns } from "../parts/columns";
import { Presence } from "../parts/presence";
import { lights, reachable } from "../parts/rooms";
import { Timers } from "../parts/timers";
import { isPending, refresh, toast, useStore, value, wish } from "../store";
import { useLongPress } from "../parts/press";
import { TourOffer } from "../tour/card";
import { ListsNow } from "./lists";
import { whereabouts } from "./people";
import type { Done, Entity, Home, Need, Question, Room, Scene } from "../types";
import { ago, clock, dates, day, number, say, t, within } from "../words";
import { may } from "../parts/places";
import { Why } from "../parts/why";

export function Now() {
  const { home, me } = useStore();
  if (!home) return <p class="quiet" aria-busy="true">…</p>;
  const lit = home.rooms.flatMap(lights).filter((e) => value(e, "on") === true);
  // What needs a place is what is used or read.
  const loose = home.unplaced.filter((e) => e.category === null);
  return (
    <>
      <Title aside={<Hello home={home} />}>{home.name}</Title>
      {me?.role === "guest" && <p class="quiet hello">{me.ends && t("welcome", { day: day(me.ends, home.zone), time: clock(me.ends, home.zone).slice(0, 5) })} {t("guestHow")}</p>}
      <TourOffer />
      <Questions of={home.questions} zone={home.zone} />
      <Rings of={home.rings} stopped={() => {}} />
      <Timers of={home.timers} />
      <Needs needs={home.needs.filter((n) => n.urgency !== "question")} />
      {home.people.length > 0 && <People home={home} />}
      {may(me, "why") && <Scenes />}
      <Rooms of={home.rooms} />
      {may(me, "lists") && <ListsNow />}
      {loose.length > 0 && me?.role !== "guest" && (
        <section aria-label={t("unplaced")}>
          <h2>{t("unplaced")}</h2>
          <div class="chips">{loose.map((e) => <Chip key={e.id} entity={e} />)}</div>
        </section>
      )}
      {lit.length > 0 && <p class="quiet foot">{t("lightsOn", { n: lit.length })}</p>}
    </>
  );
}

export function Hello({ home }: { home: Home }) {
  const time = dates({ weekday: "short", hour: "2-digit", minute: "2-digit" }, home.zone);
  return <time class="quiet">{time.format(new Date())}</time>;
}

const seenKey = "lares-seen";
const seen = (): string[] => JSON.parse(localStorage.getItem(seenKey) ?? "[]");

function Needs({ needs }: { needs: Need[] }) {
  const [gone, setGone] = useState<string[]>(seen);
  const [all, setAll] = useState(false);
  const open = needs.filter((n) => n.urgency !== "notice" || !gone.includes(n.about ?? n.text));
  if (open.length === 0) return null;
  const shown = all ? open : open.slice(0, 3);
  const dismiss = (need: Need) => {
    const next = [...gone, need.about ?? need.text].slice(-50);
    localStorage.setItem(seenKey, JSON.stringify(next));
    setGone(next);
  };
  return (
    <section class="needs" aria-label={t("needs")}>
      {shown.map((need, n) => (
        <div key={n} class={`need ${need.urgency}`} role={need.urgency === "alarm" ? "alert" : undefined}>
          <Icon name={need.urgency === "notice" ? "bell" : "warn"} />
          <span>{need.text}{need.at && <small> {ago(need.at)}</small>}</span>
          {need.about && <Why of={need.about} />}
          {need.urgency === "notice" && <button type="button" aria-label={t("seen")} onClick={() => dismiss(need)}><Icon name="close" /></button>}
        </div>
      ))}
      {open.length > 3 && <button type="button" class="link" onClick={() => setAll(!all)}>{all ? t("less") : t("moreNeeds", { n: open.length - 3 })}</button>}
    </section>
  );
}

/** What the household asks: yes, no, or silence, which is no. */
function Questions({ of, zone }: { of: Question[]; zone: string }) {
  if (of.length === 0) return null;
  return (
    <section class="questions" aria-label={t("questions")}>
      {of.map((q) => (
        <div key={q.id} class={`question ${q.kind}`}>
          <AtTheDoor camera={q.camera} name={q.text} />
          <span>{q.text}<small>{t(q.kind === "suggestion" ? "question.suggestion" : "question.until", { time: clock(q.until, zone) })}</small></span>
          <Why of={q.rule} />
          <Answers of={q} answered={() => {}} />
        </div>
      ))}
    </section>
  );
}

/** One tap sets it; a dot says that it holds something. */
function Scenes() {
  const [scenes, , again] = useView<Scene[]>("/scenes", (k) => ["home_loaded", "decision", "hold_ended"].includes(k));
  if (!scenes || scenes.length === 0) return null;
  const set = async (scene: Scene) => {
    try {
      const done = await post<Done>("/intents", scene.holds > 0 ? { act: "release", target: `scene:${scene.id}` } : { act: "set", target: `scene:${scene.id}` });
      const behind = done.receipts.find((r) => !["confirmed", "sent"].includes(r.receipt));
      if (behind) toast(`${scene.name}: ${behind.called}: ${behind.text}`, true, behind.event ?? undefined);
      else toast(scene.name, false);
    } catch (e) {
      toast(e instanceof Error ? e.message : String(e));
    }
    again();
    void refresh();
  };
  return (
    <section class="chips" aria-label={t("scenes")}>
      {scenes.map((s) => <button key={s.id} type="button" class="button" title={s.sets.join(", ")} aria-pressed={s.holds > 0} onClick={() => void set(s)}>{s.name}</button>)}
    </section>
  );
}

function People({ home }: { home: Home }) {
  const { me } = useStore();
  const open = may(me, "person");
  return (
    <ul class="people" aria-label={t("people")}>
      {home.people.map((p) => (
        <li key={p.key} class={p.presence}>
          <b aria-hidden="true">{p.name.slice(0, 1).toUpperCase()}</b>
          {open ? <a href={`/person/${encodeURIComponent(p.key)}`}>{p.name}<small>{whereabouts(p, home)}</small></a> : <span>{p.name}<small>{whereabouts(p, home)}</small></span>}
        </li>
      ))}
    </ul>
  );
}

function Rooms({ of }: { of: Room[] }) {
  const at = useColumns(of.length);
  return <section ref={at} class="rooms" aria-label={t("rooms")}>{of.map((room) => <RoomTile key={room.key} room={room} />)}</section>;
}

function RoomTile({ room }: { room: Room }) {
  const lamps = lights(room);
  const lit = lamps.filter((e) => value(e, "on") === true);
  const pending = lamps.some((e) => isPending(e, "on"));
  const level = lit.reduce((sum, e) => sum + (Number(value(e, "brightness") ?? 100) || 100), 0) / Math.max(1, lit.length);
  const glow = (el: HTMLElement | null) => el?.style.setProperty("--glow", lit.length ? String(0.25 + (level / 100) * 0.75) : "0");
  const toggle = () => void wish(`room:${room.key}/light`, { on: lit.length === 0 }, lamps.filter(reachable));
  const single = lamps.length === 1 ? lamps[0] : undefined;
  const press = useLongPress(single ? `/device/${encodeURIComponent(single.id.split(".")[0] ?? "")}` : `/room/${room.key}`);
  const dead = room.entities.filter((e) => e.category === null && !reachable(e)).length;
  return (
    <article ref={glow} data-room={room.key} class={`room ${lit.length ? "lit" : ""} ${pending ? "pending" : ""}`}>
      <a class="cover" href={`/room/${room.key}`}><h2>{room.name}</h2></a>
      <Presence room={room} short />
      <p class="facts">{facts(room).map((f) => <span key={f}>{f}</span>)}{dead > 0 && <span class="dead">{t("notReachable", { n: dead })}</span>}</p>
      {lamps.length > 0 && (
        <button type="button" class="lamp" role="switch" aria-checked={lit.length > 0} aria-busy={pending}
          aria-label={t("ofLights", { room: room.name, n: lamps.length })} disabled={!lamps.some(reachable)} onClick={toggle} {...press}>
          <Icon name="light" />
          <span>{lit.length ? (lamps.length > 1 && lit.length < lamps.length ? t("litOf", { lit: lit.length, n: lamps.length }) : level < 99 ? `${Math.round(level)} %` : t("lit", { n: lamps.length })) : t("dark", { n: lamps.length })}</span>
        </button>
      )}
    </article>
  );
}

/** At most three things that are worth a word in a tile. */
function facts(room: Room): string[] {
  const found: string[] = [];
  const usable = room.entities.filter((e) => e.category === null && e.state !== null);
  const climate = usable.find((e) => e.component === "climate");
  const temperature = usable.find((e) => e.device_class === "temperature" && typeof e.state === "number");
  const degrees = temperature?.state ?? climate?.properties.current_temperature;
  if (typeof degrees === "number") found.push(`${number(degrees)}°`);
  const humidity = usable.find((e) => e.device_class === "humidity" && typeof e.state === "number");
  if (humidity) found.push(`${number(Math.round(humidity.state as number))} %`);
  const open = usable.filter((e) => e.component === "binary_sensor" && ["door", "window", "opening", "garage_door"].includes(e.device_class ?? "") && e.state === true);
  open.slice(0, 1).forEach((e) => found.push(t("isOpen", { name: within(e.name) })));
  const power = usable.find((e) => e.device_class === "power" && typeof e.state === "number" && (e.state as number) > 5);
  if (power) found.push(say(power.state, power.unit));
  const wet = usable.find((e) => e.device_class === "moisture" && e.state === true);
  if (wet) found.unshift(t("water"));
  const things = usable.length;
  if (found.length === 0 && lights(room).length === 0 && things > 0) found.push(t("quiet", { n: things }));
  return found.slice(0, 3);
}

function Chip({ entity }: { entity: Entity }) {
  const [device = entity.id, slug] = entity.id.split(".");
  // One that is called by its kind alone is told by its device.
  const name = entity.name.toLowerCase() === slug ? device : entity.name;
  return <a class="chip" href={`/device/${encodeURIComponent(device)}`}><Icon name={iconOf(entity.component, entity.device_class)} />{name}: {say(entity.state, entity.unit, entity.component, entity.device_class)}</a>;
}
