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
import { T, ago, bytes, left, t } from "../words";

export function Config({ file, fresh }: { file?: string; fresh: boolean }) {
  const [view, error, again] = useView<Files>("/files", (k) => ["notice", "home_loaded", "home_refused"].includes(k));
  const waiting = view?.changes.find((c) => c.state === "waiting");
  // Whenever the file went back, it is read anew.
  const back = view?.changes.filter((c) => file && filesOf(c).includes(file) && c.state === "taken_back").length;
  return (
    <>
      <Title back={file ? "/config" : "/house"}>{file ?? t("config")}</Title>
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
    <section class="waits" aria-label={t("config.waits")}>
      <Icon name="warn" />
      <p><T of="config.inForce" path={<b>{filesOf(change).join(", ")}</b>} who={change.who} /> <span role="timer">{over ? t("config.backNow") : t("config.backIn", { long: left(change.ends) })}</span></p>
      <div class="chips">
        <button type="button" class="button primary" onClick={() => void end(change, "confirm", done)}>{t("config.keep")}</button>
        <button type="button" class="button" onClick={() => void end(change, "undo", done)}>{t("config.takeBack")}</button>
      </div>
    </section>
  );
}

async function end(change: Change, how: "confirm" | "undo", done: () => void): Promise<void> {
  try {
    await post(`/changes/${change.id}/${how}`);
    filesOf(change).forEach((path) => delete drafts[path]);
    toast(t(how === "confirm" ? "config.kept" : "config.before", { path: filesOf(change).join(", ") }), false);
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
    <section aria-label={t("config.files")}>
      <ul class="readings">
        {view.files.map((f) => (
          <li key={f.path}><span>{f.path}<small>{f.closed ?? (drafts[f.path] ? t("config.unapplied") : "")}</small></span>
            <strong class="quiet">{bytes(f.bytes)}</strong>
            {!f.closed && <a class="button" href={`/config?file=${encodeURIComponent(f.path)}`} aria-label={t("config.editOf", { path: f.path })}>{t("config.edit")}</a>}</li>
        ))}
      </ul>
      <form class="filters" onSubmit={add}>
        <label>{t("config.new")} <input name="name" required maxLength={200} placeholder="lights.toml" autocapitalize="none" spellcheck={false} /></label>
        <button type="submit" class="button">{t("config.begin")}</button>
      </form>
    </section>
  );
}

/** All files that it changed. */
const filesOf = (change: Change): string[] => [change.path, ...(change.also ?? [])];

/** How it ended, and by whom. */
const ended = ({ state, by }: Change): string =>
  state === "taken_back" && !by ? t("config.state.itself") : t(`config.state.${state}`, { by: by ?? "" });

function Past({ changes, done }: { changes: Change[]; done: () => void }) {
  if (changes.length === 0) return null;
  return (
    <section aria-label={t("config.past")}><h2>{t("config.past")}</h2>
      <ul class="readings">
        {changes.map((c) => (
          <li key={c.id}><span>{filesOf(c).join(", ")} <span class="counts">+{c.added} −{c.gone}</span><small>{t("config.entry", { who: c.who, ago: ago(c.at), state: ended(c) })}</small></span>
            {c.state === "confirmed" && <button type="button" class="button" aria-label={t("config.takeBackOf", { id: c.id, path: c.path })} onClick={() => void end(c, "undo", done)}>{t("config.takeBackThis")}</button>}</li>
        ))}
      </ul>
    </section>
  );
}
