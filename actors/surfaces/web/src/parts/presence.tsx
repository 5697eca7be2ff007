// Who is in a room, as far as anything tells; and if nothing does, why not.
import { reachable } from "./rooms";
import type { Entity, Room } from "../types";
import { lasting, t } from "../words";

/** What the household takes for somebody's sign. */
const SIGNS = ["motion", "moving", "occupancy", "presence"];
const senses = (e: Entity): boolean => e.component === "binary_sensor" && SIGNS.includes(e.device_class ?? "");

/** Nobody knows yet: because no sensor stands here, none can be reached, none has spoken, or none has seen anybody. */
function unknown(room: Room): string | null {
  const sensors = room.entities.filter(senses);
  if (sensors.length === 0) return null;
  const near = sensors.filter(reachable);
  if (near.length === 0) return t("presence.gone");
  return near.every((e) => e.state === null) ? t("presence.silent") : t("presence.none");
}

/** `short`: on a tile, which says its floor rather than that it has no sensor, and nothing rather than a dot alone; and since when only
 * where nobody is, which is what one wants to know from afar. */
export function Presence({ room, short = false }: { room: Room; short?: boolean }) {
  if (room.occupied === null) {
    const words = unknown(room) ?? (short ? room.floor : t("unknownPresence"));
    return words ? <p class="presence">{words}</p> : null;
  }
  return (
    <p class={`presence ${room.occupied ? "here" : ""}`}><i aria-hidden="true" />
      {room.occupied ? t("somebody") : t("nobody")}{short && room.occupied ? "" : ` · ${lasting(room.since)}`}</p>
  );
}
