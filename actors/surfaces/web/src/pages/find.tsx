// What the life graph knows, by free words or a filter string: things, people, tasks, what lies where.
import { useState } from "preact/hooks";
import { useView } from "../parts/ask";
import { Failed, Title } from "../parts/frame";
import { go } from "../router";
import { useStore } from "../store";
import type { Found, Hit } from "../types";

const EXAMPLES: [string, string][] = [
  ["kind:task status:open due<7d", "tasks that are due this week"],
  ["status:offline", "what cannot be reached"],
  ["component:light on:yes", "lights that are on"],
  ["battery<20", "batteries that run low"],
  ["kind:person", "people"],
];

export function Find({ filter }: { filter: string }) {
  const [typed, setTyped] = useState(filter);
  const ask = (text: string) => go(text.trim() ? `/find?filter=${encodeURIComponent(text.trim())}` : "/find");
  return (
    <>
      <Title>Find</Title>
      <form class="filters" role="search" onSubmit={(e) => { e.preventDefault(); ask(typed); }}>
        <label class="wide">Words or a filter
          <input type="search" value={typed} autoCapitalize="off" spellcheck={false} placeholder={EXAMPLES[0]![0]} onInput={(e) => setTyped(e.currentTarget.value)} />
        </label>
        <button class="button">Find</button>
      </form>
      {filter ? <Hits key={filter} filter={filter} /> : (
        <section aria-label="Examples"><h2>Such as</h2>
          <ul class="readings">{EXAMPLES.map(([text, says]) => (
            <li key={text}><a href={`/find?filter=${encodeURIComponent(text)}`}>{says}<small> {text}</small></a></li>
          ))}</ul>
        </section>
      )}
    </>
  );
}

function Hits({ filter }: { filter: string }) {
  const [found, error] = useView<Found>(`/find?filter=${encodeURIComponent(filter)}&limit=100`,
    (kind) => ["reading", "status", "graph_changed", "device_announced", "device_removed", "home_loaded"].includes(kind));
  if (error) return <Failed error={error} />;
  if (!found) return <p class="quiet" aria-busy="true">…</p>;
  if (found.nodes.length === 0) return <p class="quiet">Nothing fits.</p>;
  return (
    <section aria-label="Found" aria-live="polite">
      <p class="quiet">{found.total > found.nodes.length ? `${found.nodes.length} of ${found.total}` : `${found.total}`} found</p>
      <ul class="readings">{found.nodes.map((hit) => <li key={hit.id}><HitLine hit={hit} /></li>)}</ul>
    </section>
  );
}

function HitLine({ hit }: { hit: Hit }) {
  const { home } = useStore();
  const room = home?.rooms.find((r) => r.key === hit.room)?.name ?? hit.room;
  const where = [hit.kind.replaceAll("_", " "), room, hit.status === "online" ? null : hit.status].filter(Boolean).join(" · ");
  const to = hit.kind === "room" ? `/room/${encodeURIComponent(hit.ref.replace(/^room:/, ""))}`
    : hit.kind === "device" ? `/device/${encodeURIComponent(hit.ref)}`
    : hit.kind === "entity" ? `/device/${encodeURIComponent(hit.ref.split(".")[0]!)}?of=${encodeURIComponent(hit.ref)}`
    : null;
  const words = <span>{hit.line ?? (hit.name || hit.ref)}<small> {where}</small></span>;
  const value = hit.value === null ? null : <b>{hit.value === true ? "on" : hit.value === false ? "off" : String(hit.value)}{hit.unit ? ` ${hit.unit}` : ""}</b>;
  return <>{to ? <a href={to}>{words}</a> : words}{value}</>;
}
