// Who wants what of the house, until when, and a way to let go of what is one's own; and what happened lately.
import { post } from "../api";
import { refresh, toast, useStore } from "../store";
import type { Hold, LogLine, Plan } from "../types";
import { clock, reference, t } from "../words";
import { useView } from "./ask";

const MOST = 12;

/** Those of all claims that are meant; `none`: what is said where there are none, else nothing is shown. */
export function Claims({ title, none, mine }: { title: string; none?: string; mine: (hold: Hold) => boolean }) {
  const { me, home } = useStore();
  const [plan, , again] = useView<Plan>("/plan", (k) => k === "decision" || k === "hold_ended");
  const own = plan?.holds.filter(mine) ?? [];
  if (!plan || (own.length === 0 && !none)) return null;
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
    <section aria-label={title}>
      <h2>{title}</h2>
      {own.length === 0 ? <p class="quiet">{none}</p> : <ul class="readings">
        {own.map((h) => (
          <li key={h.entity + h.property + h.source}>
            <span><a href={`/device/${encodeURIComponent(h.entity.split(".")[0] ?? "")}`} title={h.entity}>{h.text}</a><small> {h.reason ? `${h.reason}, ` : ""}{h.until ? t("until", { time: clock(h.until, home?.zone) }) : t("untilLetGo")}</small></span>
            {h.source === `person:${me?.person}` && <button type="button" class="button" onClick={() => void release(h.entity, h.property)}>{t("letGo")}</button>}
          </li>
        ))}
      </ul>}
    </section>
  );
}

/** The last lines of the journal that are `about` something; or those of its last 200 that are meant. */
export function Recent({ kinds, about, mine }: { kinds: string; about?: string; mine?: (line: LogLine) => boolean }) {
  const { home } = useStore();
  const all = kinds.split(",");
  const [page] = useView<{ events: LogLine[] }>(`/log?kind=${kinds}&limit=${mine ? 200 : MOST}${about ? `&about=${encodeURIComponent(about)}` : ""}`, (k) => all.includes(k));
  const lines = (mine ? page?.events.filter(mine) : page?.events)?.slice(-MOST).reverse() ?? [];
  if (lines.length === 0) return null;
  return (
    <section aria-label={t("lately")}><h2>{t("lately")}</h2>
      <ol class="log">{lines.map((e) => (
        <li key={e.id} class={`kind-${e.kind}`}><time>{clock(e.at, home?.zone)}</time><a href={`/why/${e.id}`} title={reference(e.subject)}>{e.text}</a></li>
      ))}</ol>
    </section>
  );
}
