// The house itself: is it well, what runs, what is kept, and who may come in.
import { useState } from "preact/hooks";
import { post } from "../api";
import { useView } from "../parts/ask";
import { Failed, Title } from "../parts/frame";
import { Updates } from "../parts/updates";
import { toast, useStore } from "../store";
import { TourAgain } from "../tour/card";
import type { Interlock, Plan, Status, Timer, Tree, Waiting } from "../types";
import { ago, clock, coming, known, lasting, number, t, word } from "../words";
import type { Key } from "../words";
import { may } from "../parts/places";
import { Why } from "../parts/why";

export function House() {
  const { me } = useStore();
  const [status, error, again] = useView<Status>("/status", (k) => ["status", "child", "home_loaded", "home_refused"].includes(k));
  const [locks, , look] = useView<Interlock[]>("/interlocks", (k) => k.startsWith("interlock") || k === "home_loaded");
  const [waiting] = useView<Waiting[]>("/adopt", (k) => ["device_announced", "home_loaded"].includes(k));
  const reload = async () => {
    try {
      const done = await post<{ changed: string[]; problems: string[] }>("/reload");
      if (done.problems[0]) toast(done.problems[0]);
      else toast(done.changed.length ? t("house.inForce", { what: done.changed.join(", ") }) : t("house.unchanged"), false);
    } catch (e) {
      toast(e instanceof Error ? e.message : String(e));
    }
    again();
  };
  return (
    <>
      <Title aside={<><a class="button" href="/rules">{t("rules")}</a>{status?.process?.more.some(([name]) => name === "telephone") && <a class="button" href="/calls">{t("calls")}</a>}<a class="button" href="/adopt">{waiting?.length ? t("newDevices.n", { n: waiting.length }) : t("newDevices")}</a>{may(me, "config") && <a class="button" href="/config">{t("config")}</a>}{me?.role === "owner" && <button type="button" class="button" onClick={() => void reload()}>{t("house.read")}</button>}<TourAgain /></>}>{t("house")}</Title>
      {error && <Failed error={error} />}
      <Interlocks of={locks?.filter((i) => i.state !== "clear") ?? []} done={look} />
      {status && <Facts status={status} />}
      <Interlocks of={locks?.filter((i) => i.state === "clear") ?? []} done={look} />
      {status && <Updates version={status.process?.version ?? "?"} />}
      <Next />
      <Actors />
    </>
  );
}

function Facts({ status }: { status: Status }) {
  const p = status.process;
  const d = status.devices;
  const more = new Map(p?.more ?? []);
  const backup = more.get("backup") ?? "";
  const noBackup = /^(none|kein)|not looked at|nicht angesehen/.test(backup);
  const counted: [Key, number][] = [["house.online", d.online], ["house.offline", d.offline], ["house.setAside", d.quarantined], ["house.unknown", d.unknown]];
  const rows: [string, string, string][] = [
    [t("house.health"), p?.trouble ? t("house.cannotKeep", { why: p.trouble }) : p?.quarantined.length ? t("house.setAside", { n: p.quarantined.length }) : t("house.well"), p?.trouble || p?.quarantined.length ? "bad" : "good"],
    [t("house.runs"), t("house.runsFor", { long: lasting(status.started), version: p?.version ?? "?" }), ""],
    [t("house.devices"), t("house.devicesOf", { n: d.all, parts: counted.filter(([, n]) => n).map(([key, n]) => t(key, { n })).join(", ") }), d.offline || d.quarantined ? "bad" : "good"],
    ...status.links.map((l): [string, string, string] => [t("house.link", { link: l.link }), l.detail ? `${word("status", l.status)}: ${l.detail}` : word("status", l.status), l.status === "online" ? "good" : "bad"]),
    [t("house.backup"), backup || t("unknown"), noBackup ? "bad" : "good"],
    [t("journal"), t(status.bytes ? "house.eventsBytes" : "house.events", { n: number(status.events), size: number((status.bytes ?? 0) / 1048576) }), ""],
    [t("house.home"), status.home ? t("house.files", { n: status.home.files.length, long: lasting(status.home.since) }) : t("house.none"), status.home?.refused.length ? "bad" : ""],
    ...[...more].filter(([k]) => k !== "backup").map(([k, v]): [string, string, string] => [fact(k), v, ""]),
  ];
  return (
    <>
      <dl class="status-list">{rows.map(([k, v, tone]) => <div key={k} class={tone}><dt>{k}</dt><dd>{v}</dd></div>)}</dl>
      {status.home?.refused.map((r) => <p key={r} class="banner" role="alert">{t("house.refused", { why: r })}</p>)}
    </>
  );
}

/** What the process tells of itself, by its name. */
function fact(key: string): string {
  const name = word("fact", key);
  return name.slice(0, 1).toUpperCase() + name.slice(1);
}

/** What must not be, whoever asks. Those that forbid something stand open, above all else of the house. */
function Interlocks({ of, done }: { of: Interlock[]; done: () => void }) {
  if (of.length === 0) return null;
  const list = <ul class="readings interlocks">{of.map((i) => <Lock key={i.id} lock={i} done={done} />)}</ul>;
  if (of.some((i) => i.state !== "clear")) return <section class="forbid" aria-label={t("interlocks")}>{list}</section>;
  return <details class="rest"><summary>{t("interlocks.quiet", { n: of.length })}</summary>{list}</details>;
}

function Lock({ lock, done }: { lock: Interlock; done: () => void }) {
  const { me } = useStore();
  const may = lock.state === "latched" && (me?.role === "owner" || me?.role === "adult");
  const acknowledge = async () => {
    try {
      await post(`/interlocks/${encodeURIComponent(lock.id)}/ack`);
      toast(t("interlock.cleared", { name: lock.name }), false);
    } catch (e) {
      toast(e instanceof Error ? e.message : String(e), true, lock.of);
    }
    done();
  };
  return (
    <li class={lock.state}>
      <span>{lock.name} <small><em>{word("lockState", lock.state)}</em>{lock.since ? ` ${ago(lock.since)}` : ""}{lock.reason ? `: ${lock.reason}` : ""}</small>
        <small>{lock.state === "clear" ? t("interlock.watches", { of: lock.of_name, watches: lock.watches }) : t("interlock.allows", { of: lock.of_name, allows: lock.allows })}</small></span>
      {may && <button type="button" class="button" aria-label={t("interlock.clearOf", { name: lock.name })} onClick={() => void acknowledge()}>{t("interlock.clear")}</button>}
      <Why class="whylink" of={lock.of} name={lock.of}>{t("why")}</Why>
    </li>
  );
}

function Next() {
  const { home } = useStore();
  const [plan] = useView<Plan>("/plan", (k) => k.startsWith("timer") || k === "decision" || k === "hold_ended");
  if (!plan || plan.holds.length + plan.timers.length === 0) return null;
  return (
    <section aria-label={t("held")}><h2>{t("held")}</h2>
      <ul class="readings">
        {plan.holds.map((h) => <li key={h.entity + h.property + h.source}><span title={h.entity}>{h.text}<small> {h.until ? t("until", { time: clock(h.until, home?.zone) }) : ""}</small></span></li>)}
        {plan.timers.slice(0, 12).map((x) => <li key={x.owner + x.name}>{whose(x)}<strong>{coming(x.due, false, home?.zone)}</strong></li>)}
      </ul>
    </section>
  );
}

/** Whose a durable timer is, and what for: a rule's time of day is the planner's. */
function whose(timer: Timer) {
  const [kind, key] = timer.owner.split(/:(.*)/);
  if (kind !== "plan" && kind !== "rule") return <span>{timer.whose}</span>;
  return <span><Why of={`rule:${kind === "rule" ? key ?? "" : timer.name.split("#")[0]!}`}>{timer.whose}</Why></span>;
}

function Actors() {
  const [tree] = useView<Tree>("/tree", (k) => k === "child");
  if (!tree) return null;
  return <section aria-label={t("running")}><h2>{t("running")}</h2><ul class="tree">{tree.children.map((b) => <Branch key={b.key} at={b} />)}</ul></section>;
}

const sick = (of: Tree): boolean => (!!of.report && !["running", "absent"].includes(of.report.state)) || of.children.some(sick);
const count = (of: Tree): number => of.children.reduce((n, c) => n + count(c), of.report ? 1 : 0);

/** The household's own parts have a word; what came with the home is called as it is there. */
const part = (of: Tree): string => known("branch", of.path) ?? of.key;

function Branch({ at }: { at: Tree }) {
  const [open, setOpen] = useState(sick(at));
  const state = at.report?.state ?? (at.children.length ? (sick(at) ? "trouble" : "running") : "empty");
  return (
    <li class={state}>
      {at.children.length > 0
        ? <button type="button" aria-expanded={open} onClick={() => setOpen(!open)}><i aria-hidden="true" />{part(at)}<small>{count(at)}</small></button>
        : <span><i aria-hidden="true" />{part(at)}<small>{word("tree", state)}{at.report?.restarts ? `, ${t("restarts", { n: at.report.restarts })}` : ""}{at.report?.last_error ? `: ${at.report.last_error}` : ""}</small></span>}
      {open && at.children.length > 0 && <ul>{at.children.map((c) => <Branch key={c.key} at={c} />)}</ul>}
    </li>
  );
}
