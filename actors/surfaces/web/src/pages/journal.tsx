// The journal: what happened, the newest first, with a why behind each line.
import { useEffect, useState } from "preact/hooks";
import { page } from "../api";
import { Failed, Title } from "../parts/frame";
import { onFrame, onMeanwhile, useStore } from "../store";
import type { LogLine } from "../types";
import { clock, day, reference, t } from "../words";
import type { Key } from "../words";

const KINDS: [string, Key][] = [
  ["", "journal.all"], ["decision,receipt,hold_ended", "journal.decided"], ["rule_skipped,rule_failed,decision", "journal.rules"],
  ["reading,room_occupied,person_moved", "journal.sensed"], ["status,child,problem", "journal.trouble"], ["notice,home_loaded,home_refused,boot,stop", "journal.house"],
];

export function Journal() {
  const { home } = useStore();
  const query = new URLSearchParams(location.search);
  const [kind, setKind] = useState("");
  const [about, setAbout] = useState(query.get("about") ?? "");
  const [asked, setAsked] = useState(about);
  const [lines, setLines] = useState<LogLine[]>([]);
  const [next, setNext] = useState<string | null>(null);
  const [error, setError] = useState<string | null>(null);
  const path = `/log?limit=100${kind ? `&kind=${kind}` : ""}${asked ? `&about=${encodeURIComponent(asked)}` : ""}`;
  const load = async (from: string, more: boolean) => {
    try {
      const [found, older] = await page<{ events: LogLine[] }>(from);
      const newest = [...found.events].reverse();
      setLines((old) => (more ? [...old, ...newest] : newest));
      setNext(older);
      setError(null);
    } catch (e) {
      setError(e instanceof Error ? e.message : String(e));
      if (!more) setLines([]);
    }
  };
  useEffect(() => {
    void load(path, false);
    let waiting: ReturnType<typeof setTimeout> | undefined;
    const stop = onFrame(() => {
      if (waiting || scrollY > 400) return;
      waiting = setTimeout(() => {
        waiting = undefined;
        void load(path, false);
      }, 700);
    });
    const anew = onMeanwhile(() => scrollY <= 400 && void load(path, false));
    return () => {
      stop();
      anew();
      clearTimeout(waiting);
    };
  }, [path]);
  let last = "";
  return (
    <>
      <Title>{t("journal")}</Title>
      <form class="filters" onSubmit={(e) => { e.preventDefault(); setAsked(about.trim()); }}>
        <label>{t("journal.show")} <select value={kind} onChange={(e) => setKind(e.currentTarget.value)}>{KINDS.map(([k, words]) => <option key={k} value={k}>{t(words)}</option>)}</select></label>
        <label>{t("journal.about")} <input value={about} list="things" placeholder={t("journal.anything")} onInput={(e) => setAbout(e.currentTarget.value)} onChange={(e) => setAsked(e.currentTarget.value.trim())} /></label>
        <datalist id="things">{home?.rooms.flatMap((r) => [<option key={r.key} value={r.key} label={r.name} />, ...r.entities.map((x) => <option key={x.id} value={x.id} label={x.name} />)])}</datalist>
      </form>
      {error && <Failed error={error} />}
      <ol class="log">
        {lines.map((e) => {
          const today = day(e.at, home?.zone);
          const head = today !== last && <li key={today} class="day"><h2>{today}</h2></li>;
          last = today;
          return <>{head}<li key={e.id} class={`kind-${e.kind}`}><time>{clock(e.at, home?.zone)}</time><a href={`/why/${e.id}`} title={reference(e.subject)}>{e.text}</a></li></>;
        })}
      </ol>
      {lines.length === 0 && !error && <p class="quiet">{t("journal.nothing")}</p>}
      {next && <button type="button" class="button" onClick={() => void load(next, true)}>{t("journal.older")}</button>}
    </>
  );
}
