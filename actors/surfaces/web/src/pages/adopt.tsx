// Devices that wait for their place: what each is, what is proposed, and one button that writes it into the home's files.
import { useState } from "preact/hooks";
import { post } from "../api";
import { useView } from "../parts/ask";
import { Failed, Title } from "../parts/frame";
import { may } from "../parts/places";
import { refresh, toast, useStore } from "../store";
import type { Home, Waiting } from "../types";
import { t, word } from "../words";

/** `room`: the one from which somebody came, for what proposes none itself. */
export function Adopt({ room }: { room: string | null }) {
  const [waiting, error, again] = useView<Waiting[]>("/adopt", (k) => ["device_announced", "device_removed", "home_loaded", "status"].includes(k));
  const { home, me } = useStore();
  return (
    <>
      <Title back={may(me, "house") ? "/house" : "/"}>{t("newDevices")}</Title>
      {error && <Failed error={error} />}
      {waiting?.length === 0 && <p class="quiet none">{t("adopt.none")}</p>}
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
    const typed = (name: string) => String(form.get(name) ?? "").trim() || undefined;
    setBusy(true);
    setError(null);
    try {
      const placed = await post<{ device: string; room: string | null; files: string[] }>(
        `/adopt/${encodeURIComponent(device.id)}`, { room: typed("room"), name: typed("name"), key: typed("key") });
      const room = home.rooms.find((r) => r.key === placed.room)?.name;
      const said = { name: typed("name") ?? placed.device, room: room ?? "", files: placed.files.join(", ") };
      toast(t(room ? "adopt.inRoom" : "adopt.taken", said), false, placed.device);
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
      <header><h2>{device.name}<small>{[kind, word("status", device.status), device.new ? "" : t("adopt.noRoom")].filter(Boolean).join(" · ")}</small></h2></header>
      {device.has.length > 0 && <p class="quiet">{device.has.length > 8 ? t("adopt.hasMore", { has: device.has.slice(0, 8).join(", "), n: device.has.length - 8 }) : device.has.join(", ")}</p>}
      <label>{t("adopt.room")} <select name="room" required defaultValue={proposed ?? ""}>
        <option value="" disabled selected={!proposed}>{t("adopt.choose")}</option>
        {home.rooms.map((r) => <option key={r.key} value={r.key} selected={r.key === proposed}>{r.name}</option>)}
      </select></label>
      <label>{t("name")} <input name="name" required maxLength={100} defaultValue={device.name} /></label>
      <details><summary>{t("adopt.calls")}</summary>
        <label>{t("adopt.key")} <input name="key" maxLength={64} defaultValue={device.id} autocapitalize="none" spellcheck={false} pattern="[A-Za-z0-9_\-]+" title={t("adopt.keyHint")} /></label></details>
      {error && <Failed error={error} />}
      <button type="submit" class="button" disabled={busy}>{busy ? "…" : t("adopt.place")}</button>
    </form>
  );
}
