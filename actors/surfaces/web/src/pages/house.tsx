// The house itself: is it well, what runs, what is kept, and who may come in.
import { useState } from "preact/hooks";
import { post } from "../api";
import { useView } from "../parts/ask";
import { Failed, Title } from "../parts/frame";
import { toast, useStore } from "../store";
import { TourAgain } from "../tour/card";
import type { Interlock, Plan, Status, Tree, Waiting } from "../types";
import { ago, clock, lasting } from "../words";

export function House() {
  const { me } = useStore();
  const [status, error, again] = useView<Status>("/status", (k) => ["status", "child", "home_loaded", "home_refused"].includes(k));
  const [locks, , look] = useView<Interlock[]>("/interlocks", (k) => k.startsWith("interlock") || k === "home_loaded");
  const [waiting] = useView<Waiting[]>("/adopt", (k) => ["device_announced", "home_loaded"].includes(k));
  const reload = async () => {
    try {
      const done = await post<{ changed: string[]; problems: string[] }>("/reload");
      if (done.problems[0]) toast(done.problems[0]);
      else toast(done.changed.length ? `In force: ${done.changed.join(", ")}` : "Nothing had changed", false);
    } catch (e) {
      toast(e instanceof Error ? e.message : String(e));
    }
    again();
  };
  return (
    <>
      <Title aside={<><a class="button" href="/rules">Rules</a><a class="button" href="/adopt">{waiting?.length ? `New devices (${waiting.length})` : "New devices"}</a>{me?.role === "owner" && <a class="button" href="/config">Configuration</a>}{me?.role === "owner" && <button type="button" class="button" onClick={() => void reload()}>Read the files again</button>}<TourAgain /></>}>House</Title>
      {error && <Failed error={error} />}
      <Interlocks of={locks?.filter((i) => i.state !== "clear") ?? []} done={look} />
      {status && <Facts status={status} />}
      <Interlocks of={locks?.filter((i) => i.state === "clear") ?? []} done={look} />
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
  const noBackup = /none|no backup|not/.test(backup);
  const rows: [string, string, string][] = [
    ["Health", p?.trouble ? `nothing can be kept: ${p.trouble}` : p?.quarantined.length ? `${p.quarantined.length} set aside` : "well", p?.trouble || p?.quarantined.length ? "bad" : "good"],
    ["Runs", `${lasting(status.started)}, version ${p?.version ?? "?"}`, ""],
    ["Devices", `${d.all}: ${[[d.online, "online"], [d.offline, "offline"], [d.quarantined, "set aside"], [d.unknown, "unknown"]].filter(([n]) => n).map(([n, w]) => `${n} ${w}`).join(", ")}`, d.offline || d.quarantined ? "bad" : "good"],
    ...status.links.map((l): [string, string, string] => [`Link ${l.link}`, l.detail ? `${l.status}: ${l.detail}` : l.status, l.status === "online" ? "good" : "bad"]),
    ["Backup", backup || "unknown", noBackup ? "bad" : "good"],
    ["Journal", `${status.events.toLocaleString()} events${status.bytes ? `, ${(status.bytes / 1048576).toFixed(1)} MiB` : ""}`, ""],
    ["Home", status.home ? `${status.home.files.length} files, in force for ${lasting(status.home.since)}` : "none", status.home?.refused.length ? "bad" : ""],
    ...[...more].filter(([k]) => k !== "backup").map(([k, v]): [string, string, string] => [k[0]?.toUpperCase() + k.slice(1), v, ""]),
  ];
  return (
    <>
      <dl class="status-list">{rows.map(([k, v, tone]) => <div key={k} class={tone}><dt>{k}</dt><dd>{v}</dd></div>)}</dl>
      {status.home?.refused.map((r) => <p key={r} class="banner" role="alert">A change was refused: {r}</p>)}
    </>
  );
}

/** What must not be, whoever asks. Those that forbid something stand open, above all else of the house. */
function Interlocks({ of, done }: { of: Interlock[]; done: () => void }) {
  if (of.length === 0) return null;
  const list = <ul class="readings interlocks">{of.map((i) => <Lock key={i.id} lock={i} done={done} />)}</ul>;
  if (of.some((i) => i.state !== "clear")) return <section class="forbid" aria-label="Interlocks">{list}</section>;
  return <details class="rest"><summary>{of.length === 1 ? "1 interlock forbids nothing now" : `${of.length} interlocks forbid nothing now`}</summary>{list}</details>;
}

function Lock({ lock, done }: { lock: Interlock; done: () => void }) {
  const { me } = useStore();
  const may = lock.state === "latched" && (me?.role === "owner" || me?.role === "adult");
  const acknowledge = async () => {
    try {
      await post(`/interlocks/${encodeURIComponent(lock.id)}/ack`);
      toast(`${lock.name}: cleared`, false);
    } catch (e) {
      toast(e instanceof Error ? e.message : String(e), true, lock.of);
    }
    done();
  };
  return (
    <li class={lock.state}>
      <span>{lock.name} <small><em>{lock.state}</em>{lock.since ? ` ${ago(lock.since)}` : ""}{lock.reason ? `: ${lock.reason}` : ""}</small>
        <small>{lock.state === "clear" ? `${lock.of}, watches ${lock.watches}` : `of ${lock.of} it allows: ${lock.allows}`}</small></span>
      {may && <button type="button" class="button" aria-label={`Clear ${lock.name}`} onClick={() => void acknowledge()}>Clear</button>}
      <a class="whylink" href={`/why/${encodeURIComponent(lock.of)}`} aria-label={`Why is ${lock.of} so?`}>Why</a>
    </li>
  );
}

function Next() {
  const { home } = useStore();
  const [plan] = useView<Plan>("/plan", (k) => k.startsWith("timer") || k === "decision" || k === "hold_ended");
  if (!plan || plan.holds.length + plan.timers.length === 0) return null;
  return (
    <section aria-label="Held, and next"><h2>Held, and next</h2>
      <ul class="readings">
        {plan.holds.map((h) => <li key={h.entity + h.property + h.source}><span>{h.text}<small> {h.until ? `until ${clock(h.until, home?.zone)}` : ""}</small></span></li>)}
        {plan.timers.slice(0, 12).map((x) => <li key={x.owner + x.name}><span>{x.owner}: {x.name}</span><strong>{clock(x.due, home?.zone)}</strong></li>)}
      </ul>
    </section>
  );
}

function Actors() {
  const [tree] = useView<Tree>("/tree", (k) => k === "child");
  if (!tree) return null;
  return <section aria-label="What runs"><h2>What runs</h2><ul class="tree">{tree.children.map((b) => <Branch key={b.key} at={b} />)}</ul></section>;
}

const sick = (t: Tree): boolean => (!!t.report && !["running", "absent"].includes(t.report.state)) || t.children.some(sick);
const count = (t: Tree): number => t.children.reduce((n, c) => n + count(c), t.report ? 1 : 0);

function Branch({ at }: { at: Tree }) {
  const [open, setOpen] = useState(sick(at));
  const state = at.report?.state ?? (at.children.length ? (sick(at) ? "trouble" : "running") : "empty");
  return (
    <li class={state}>
      {at.children.length > 0
        ? <button type="button" aria-expanded={open} onClick={() => setOpen(!open)}><i aria-hidden="true" />{at.key}<small>{count(at)}</small></button>
        : <span><i aria-hidden="true" />{at.key}<small>{state}{at.report?.restarts ? `, ${at.report.restarts} restarts` : ""}{at.report?.last_error ? `: ${at.report.last_error}` : ""}</small></span>}
      {open && at.children.length > 0 && <ul>{at.children.map((c) => <Branch key={c.key} at={c} />)}</ul>}
    </li>
  );
}
