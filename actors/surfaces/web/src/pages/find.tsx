// What the life graph knows, by free words or a filter string: things, people, tasks, what lies where.
import { useState } from "preact/hooks";
import { useView } from "../parts/ask";
import { Failed, Title } from "../parts/frame";
import { go } from "../router";
import { entities, useStore } from "../store";
import type { Found, Hit, Me } from "../types";
import { say, t, word } from "../words";
import type { Key } from "../words";

/** Each with the roles that find something by it. */
const EXAMPLES: [string, Key, Me["role"][]][] = [
  ["kind:task status:open due<7d", "find.due", ["owner", "adult"]],
  ["status:offline", "find.offline", ["owner", "adult", "child", "guest"]],
  ["component:light on:yes", "find.lit", ["owner", "adult", "child", "guest"]],
  ["battery<20", "find.battery", ["owner", "adult", "child"]],
  ["kind:person", "find.people", ["owner", "adult", "child"]],
];

export function Find({ filter }: { filter: string }) {
  const { me } = useStore();
  const [typed, setTyped] = useState(filter);
  const examples = EXAMPLES.filter(([, , roles]) => me && roles.includes(me.role));
  const ask = (text: string) => go(text.trim() ? `/find?filter=${encodeURIComponent(text.trim())}` : "/find");
  return (
    <>
      <Title>{t("find")}</Title>
      <form class="filters" role="search" onSubmit={(e) => { e.preventDefault(); ask(typed); }}>
        <label class="wide">{t("find.label")}
          <input type="search" value={typed} autoCapitalize="off" spellcheck={false} placeholder={examples[0]?.[0]} onInput={(e) => setTyped(e.currentTarget.value)} />
        </label>
        <button class="button">{t("find")}</button>
      </form>
      {filter ? <Hits key={filter} filter={filter} /> : (
        <section aria-label={t("examples")}><h2>{t("find.such")}</h2>
          <ul class="readings">{examples.map(([text, says]) => (
            <li key={text}><a href={`/find?filter=${encodeURIComponent(text)}`}>{t(says)}<small> {text}</small></a></li>
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
  if (found.nodes.length === 0) return <p class="quiet">{t("find.nothing")}</p>;
  return (
    <section aria-label={t("found")} aria-live="polite">
      <p class="quiet also">{found.total > found.nodes.length ? t("found.of", { n: found.nodes.length, total: found.total }) : t("found.n", { n: found.total })}</p>
      <ul class="readings">{found.nodes.map((hit) => <li key={hit.id}><HitLine hit={hit} /></li>)}</ul>
    </section>
  );
}

function HitLine({ hit }: { hit: Hit }) {
  const { home } = useStore();
  const room = home?.rooms.find((r) => r.key === hit.room)?.name ?? hit.room;
  const where = [word("kind", hit.kind), room, hit.status === null || hit.status === "online" ? null : word("status", hit.status)].filter(Boolean).join(" · ");
  const to = hit.kind === "room" ? `/room/${encodeURIComponent(hit.ref.replace(/^room:/, ""))}`
    : hit.kind === "device" ? `/device/${encodeURIComponent(hit.ref)}`
    : hit.kind === "entity" ? `/device/${encodeURIComponent(hit.ref.split(".")[0]!)}?of=${encodeURIComponent(hit.ref)}`
    : null;
  const words = <span>{hit.line ?? (hit.name || hit.ref)}<small> {where}</small></span>;
  const entity = entities().find((e) => e.id === hit.ref);
  const value = hit.value === null ? null : <b>{say(hit.value, hit.unit, entity?.component, entity?.device_class)}</b>;
  return <>{to ? <a href={to}>{words}</a> : words}{value}</>;
}
