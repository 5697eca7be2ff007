// Devices that wait for their place: what each is, what is proposed, and one button that writes it into the home's files.
import { useState } from "preact/hooks";
import { post } from "../api";
import { useView } from "../parts/ask";
import { Failed, Title } from "../parts/frame";
import { refresh, toast, useStore } from "../store";
import type { Home, Waiting } from "../types";

/** `room`: the one from which somebody came, for what proposes none itself. */
export function Adopt({ room }: { room: string | null }) {
  const [waiting, error, again] = useView<Waiting[]>("/adopt", (k) => ["device_announced", "device_removed", "home_loaded", "status"].includes(k));
  const { home } = useStore();
  return (
    <>
      <Title back="/house">New devices</Title>
      {error && <Failed error={error} />}
      {waiting?.length === 0 && <p class="quiet none">Every device has its place. What announces itself next waits here.</p>}
      {/* A card's proposed room is chosen when the card is first drawn, so the rooms must be known by then. */}
      <div class="cards">{home && waiting?.map((device) => <Card key={device.id} device={device} wanted={room} home={home} done={again} />)}</div>
    </>
  );
}

function Card({ device, wanted, home, done }: { device: Waiting; wanted: string | null; home: Home; done: () => void }) {
  const proposed = device.room ?? (home.rooms.some((r) => r.key === wanted) ? wanted : null);
  const [error, setError] = useState<string | null>(null);
  const [busy, setBusy] = useState(false);
  const place = async (event: Event) => {
    event.preventDefault();
    const form = new FormData(event.currentTarget as HTMLFormElement);
    const word = (name: string) => String(form.get(name) ?? "").trim() || undefined;
    setBusy(true);
    setError(null);
    try {
      const placed = await post<{ device: string; room: string | null; files: string[] }>(
        `/adopt/${encodeURIComponent(device.id)}`, { room: word("room"), name: word("name"), key: word("key") });
      const room = home.rooms.find((r) => r.key === placed.room)?.name;
      toast(`${word("name") ?? placed.device}: ${room ? `in ${room} now` : "taken in"} (${placed.files.join(", ")})`, false, placed.device);
      void refresh();
      done();
    } catch (e) {
      setError(e instanceof Error ? e.message : String(e));
    }
    setBusy(false);
  };
  const kind = [device.manufacturer, device.model].filter(Boolean).join(" ");
  return (
    <form class="entity adopt" onSubmit={(e) => void place(e)} aria-label={device.name}>
      <header><h2>{device.name}<small>{[kind, device.status, device.new ? "" : "in the files, without a room"].filter(Boolean).join(" · ")}</small></h2></header>
      {device.has.length > 0 && <p class="quiet">{device.has.slice(0, 8).join(", ")}{device.has.length > 8 ? ` and ${device.has.length - 8} more` : ""}</p>}
      <label>Room <select name="room" required defaultValue={proposed ?? ""}>
        <option value="" disabled selected={!proposed}>choose</option>
        {home.rooms.map((r) => <option key={r.key} value={r.key} selected={r.key === proposed}>{r.name}</option>)}
      </select></label>
      <label>Name <input name="name" required maxLength={100} defaultValue={device.name} /></label>
      <details><summary>What rules call it</summary>
        <label>Key <input name="key" maxLength={64} defaultValue={device.id} autocapitalize="none" spellcheck={false} pattern="[A-Za-z0-9_\-]+" title="letters, digits, - and _" /></label></details>
      {error && <Failed error={error} />}
      <button type="submit" class="button" disabled={busy}>{busy ? "…" : "Place it"}</button>
    </form>
  );
}
