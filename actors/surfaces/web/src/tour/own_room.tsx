// The last step: a first room of one's own. It is written into the home's files as the configuration page writes them: checked as a
// whole, and gone again by itself unless this page has seen the room in the home.
import { useEffect, useState } from "preact/hooks";
import { Problem, get, post } from "../api";
import { go } from "../router";
import { refresh, state, toast, useStore } from "../store";
import type { Change, Checked, FileText, Files } from "../types";
import { t } from "../words";
import { floors, withRoom } from "./room_text";
import type { HomeFile, Written } from "./room_text";
import { leave } from "./state";

/** How long the household may take to show the room, before what was written goes back by itself. */
const WITHIN_S = 60;
const LOOKS = 40;
const LOOK_MS = 250;

export function OwnRoom() {
  const { home } = useStore();
  const [files, setFiles] = useState<HomeFile[] | null>(null);
  const [name, setName] = useState("");
  const [floor, setFloor] = useState("");
  const [error, setError] = useState<string | null>(null);
  const [busy, setBusy] = useState(false);
  const load = async () => {
    try {
      setFiles(await read());
    } catch (e) {
      setError(words(e));
    }
  };
  useEffect(() => void load(), []);
  const known = floors(files ?? []);
  const taken = home?.rooms.map((r) => r.key) ?? [];
  const written = files && name.trim() ? withRoom(files, taken, name.trim(), floor.trim()) : null;
  const make = async (event: Event) => {
    event.preventDefault();
    if (!written) return;
    setBusy(true);
    setError(null);
    try {
      await write(written);
      leave();
      toast(t("tourMade", { name: name.trim(), path: written.path }), false);
      go(`/room/${written.key}`);
    } catch (e) {
      setError(words(e));
      await load();
    }
    setBusy(false);
  };
  return (
    <form class="own" aria-label={t("tourOwn")} onSubmit={(e) => void make(e)}>
      <label>{t("name")} <input name="name" required maxLength={60} autocomplete="off" placeholder={t("tourRoomExample")} value={name} onInput={(e) => setName(e.currentTarget.value)} /></label>
      <label>{t("floor")} <input name="floor" maxLength={60} autocomplete="off" list="floors" placeholder={known[0]?.name ?? t("tourNoFloor")} value={floor} onInput={(e) => setFloor(e.currentTarget.value)} /></label>
      <datalist id="floors">{known.map((f) => <option key={f.key} value={f.name} />)}</datalist>
      {written && <><small>{t("tourWrites", { path: written.path })}</small><pre tabIndex={0} aria-label={written.path}>{written.lines}</pre></>}
      {error && <p class="banner" role="alert" ref={seen}>{error}</p>}
      <button type="submit" class="button primary" disabled={busy || !written}>{busy ? "…" : t("tourMake")}</button>
    </form>
  );
}

/** The home's files that may be opened here, those with rooms in them first. */
async function read(): Promise<HomeFile[]> {
  const { files } = await get<Files>("/files");
  const open = files.filter((f) => !f.closed).map((f) => get<FileText>(`/files/text?path=${encodeURIComponent(f.path)}`));
  return Promise.all(open);
}

async function write({ path, text, tag, key }: Written): Promise<void> {
  const checked = await post<Checked>("/files/check", { path, text });
  const wrong = checked.problems.find((p) => p.severity === "error");
  if (wrong) throw new Error(`${wrong.file ? `${wrong.file}:${wrong.line}: ` : ""}${wrong.message}${wrong.help ? ` (${wrong.help})` : ""}`);
  const match: Record<string, string> = tag ? { "If-Match": `"${tag}"` } : { "If-None-Match": "*" };
  let change: Change;
  try {
    change = (await post<{ change: Change }>("/files/apply", { path, text, confirm_within_s: WITHIN_S }, match)).change;
  } catch (e) {
    // The disk said no: what to do then is worth more than its words alone.
    if (e instanceof Problem && e.status >= 500) throw new Error(t("tourUnwritable", { why: e.message }));
    throw e;
  }
  for (let n = 0; n < LOOKS; n += 1) {
    await refresh();
    if (state.home?.rooms.some((r) => r.key === key)) return void (await post(`/changes/${change.id}/confirm`));
    await new Promise((then) => setTimeout(then, LOOK_MS));
  }
  throw new Error(t("tourUnseen", { path }));
}

/** The card may be too low for all of it. */
const seen = (el: HTMLElement | null): void => el?.scrollIntoView({ block: "nearest" });

const words = (e: unknown): string => (e instanceof Error ? e.message : String(e));
