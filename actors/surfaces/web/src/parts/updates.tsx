// Which version of what runs here, and whether a newer one can be had: of Lares, and of each device that tells.
import { useState } from "preact/hooks";
import { entities, isPending, toast, useStore, value, wish } from "../store";
import type { Entity } from "../types";
import { say, t } from "../words";
import { Why } from "./why";

const text = (v: unknown): string | null => (typeof v === "string" && v !== "" ? v : null);

export function Updates({ version }: { version: string }) {
  const { me, home } = useStore();
  const all = entities().filter((e) => e.component === "update");
  const rank = (e: Entity) => (isOld(e) ? 0 : 1);
  all.sort((a, b) => rank(a) - rank(b) || a.name.localeCompare(b.name));
  const may = me?.trusted === "dangerous";
  return (
    <section aria-label={t("updates")}><h2>{t("updates")}</h2>
      <ul class="readings updates">
        <li><span>{t("updates.lares")}<small> {t("updates.laresHow")}</small></span><strong>{version}</strong></li>
        {all.map((e) => <Update key={e.id} entity={e} may={may} room={home?.rooms.find((r) => r.key === e.room)?.name} />)}
      </ul>
    </section>
  );
}

/** Whether the device says that there is a newer one than it has. */
function isOld(entity: Entity): boolean {
  const [has, latest] = [text(value(entity, "installed_version")), text(value(entity, "latest_version"))];
  return has !== null && latest !== null && has !== latest;
}

function Update({ entity, may, room }: { entity: Entity; may: boolean; room?: string }) {
  const [sure, setSure] = useState(false);
  const gone = entity.status === "offline" || entity.status === "quarantined";
  const [has, latest] = [text(value(entity, "installed_version")), text(value(entity, "latest_version"))];
  const done = value(entity, "percentage");
  const runs = typeof done === "number";
  const old = isOld(entity);
  const is = gone ? t("updates.gone") : runs ? t("updates.runs", { share: say(done, "%") }) : old ? t("updates.newer", { version: latest! }) : latest ? t("updates.latest") : t("updates.unknown");
  const name = entity.id.split(".")[0]!;
  // A device that is given a new version is not there for a while, and a broken one may not come back: asked twice.
  const tap = () => {
    setSure(!sure);
    if (!sure) return void setTimeout(() => setSure(false), 4000);
    void wish(entity.id, { press: true }, [entity]).then((told) => told && toast(t("updates.told", { name: entity.name }), false));
  };
  return (
    <li class={old && !gone ? "old" : ""}>
      <a href={`/device/${encodeURIComponent(name)}`}>{entity.name}<small> {[room, name, is].filter(Boolean).join(" · ")}</small></a>
      {runs && <progress max={100} value={done} aria-label={t("updates.of", { name: entity.name })} />}
      <strong>{has ?? "—"}</strong>
      {may && old && !runs && entity.controls.some((c) => c.property === "press") && (
        <button type="button" class={`button ${sure ? "danger" : ""}`} disabled={gone || isPending(entity, "press")}
          aria-label={t("updates.installOf", { name: entity.name, version: latest! })} onClick={tap}>{t(sure ? "updates.sure" : "updates.install")}</button>
      )}
      <Why class="whylink" of={entity.id} name={entity.name}>{t("why")}</Why>
    </li>
  );
}
