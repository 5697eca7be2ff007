// The home's files, for owners: which there are, what was changed here, and what waits to be confirmed.
import { useEffect, useState } from "preact/hooks";
import { post } from "../api";
import { useView } from "../parts/ask";
import { Failed, Title } from "../parts/frame";
import { Icon } from "../parts/icons";
import { Editor, drafts } from "../parts/editor";
import { go } from "../router";
import { toast } from "../store";
import type { Change, Files } from "../types";
import { ago, bytes, left } from "../words";

export function Config({ file, fresh }: { file?: string; fresh: boolean }) {
  const [view, error, again] = useView<Files>("/files", (k) => ["notice", "home_loaded", "home_refused"].includes(k));
  const waiting = view?.changes.find((c) => c.state === "waiting");
  // Whenever the file went back, it is read anew.
  const back = view?.changes.filter((c) => c.path === file && c.state === "taken_back").length;
  return (
    <>
      <Title back={file ? "/config" : "/house"}>{file ?? "Configuration"}</Title>
      {error && <Failed error={error} />}
      {waiting && <Waits key={waiting.id} change={waiting} done={again} />}
      {file && view && <Editor key={`${file} ${back}`} path={file} fresh={fresh} held={waiting !== undefined} applied={again} />}
      {!file && view && <><List view={view} /><Past changes={view.changes.filter((c) => c.state !== "waiting")} done={again} /></>}
    </>
  );
}

/** Says how long there is, and asks for a word. */
function Waits({ change, done }: { change: Change; done: () => void }) {
  const [, tick] = useState(0);
  useEffect(() => {
    const beat = setInterval(() => tick((n) => n + 1), 1000);
    return () => clearInterval(beat);
  }, []);
  const over = Date.parse(change.ends) <= Date.now();
  useEffect(() => {
    if (over) setTimeout(done, 1500);
  }, [over]);
  return (
    <section class="waits" aria-label="Waits to be confirmed">
      <Icon name="warn" />
      <p><b>{change.path}</b> as {change.who} changed it is in force. <span role="timer">{over ? "It goes back now." : `It goes back by itself in ${left(change.ends)}.`}</span></p>
      <div class="chips">
        <button type="button" class="button primary" onClick={() => void end(change, "confirm", done)}>Keep it</button>
        <button type="button" class="button" onClick={() => void end(change, "undo", done)}>Take it back</button>
      </div>
    </section>
  );
}

async function end(change: Change, how: "confirm" | "undo", done: () => void): Promise<void> {
  try {
    await post(`/changes/${change.id}/${how}`);
    delete drafts[change.path];
    toast(how === "confirm" ? `${change.path}: kept` : `${change.path}: as it was before`, false);
  } catch (e) {
    toast(e instanceof Error ? e.message : String(e));
  }
  done();
}

function List({ view }: { view: Files }) {
  const add = (event: Event) => {
    event.preventDefault();
    const name = String(new FormData(event.currentTarget as HTMLFormElement).get("name")).trim();
    const path = name.endsWith(".toml") ? name : `${name}.toml`;
    go(`/config?file=${encodeURIComponent(path)}${view.files.some((f) => f.path === path) ? "" : "&new=1"}`);
  };
  return (
    <section aria-label="Files">
      <ul class="readings">
        {view.files.map((f) => (
          <li key={f.path}><span>{f.path}<small>{f.closed ?? (drafts[f.path] ? "changed here, not applied" : "")}</small></span>
            <strong class="quiet">{bytes(f.bytes)}</strong>
            {!f.closed && <a class="button" href={`/config?file=${encodeURIComponent(f.path)}`} aria-label={`Edit ${f.path}`}>Edit</a>}</li>
        ))}
      </ul>
      <form class="filters" onSubmit={add}>
        <label>A new file <input name="name" required maxLength={200} placeholder="lights.toml" autocapitalize="none" spellcheck={false} /></label>
        <button type="submit" class="button">Begin</button>
      </form>
    </section>
  );
}

const STATES: Record<Change["state"], string> = {
  waiting: "waits", confirmed: "kept", taken_back: "taken back", left: "not confirmed, and it could not go back: it stays",
};

function Past({ changes, done }: { changes: Change[]; done: () => void }) {
  if (changes.length === 0) return null;
  return (
    <section aria-label="Changed here"><h2>Changed here</h2>
      <ul class="readings">
        {changes.map((c) => (
          <li key={c.id}><span>{c.path} <span class="counts">+{c.added} −{c.gone}</span><small>{c.who}, {ago(c.at)}: {STATES[c.state]}{c.state === "confirmed" || c.state === "taken_back" ? ` ${c.by ? `by ${c.by}` : "by itself"}` : ""}</small></span>
            {c.state === "confirmed" && <button type="button" class="button" aria-label={`Take back change ${c.id} of ${c.path}`} onClick={() => void end(c, "undo", done)}>Take back</button>}</li>
        ))}
      </ul>
    </section>
  );
}
