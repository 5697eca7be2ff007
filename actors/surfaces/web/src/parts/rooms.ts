// What of a room shines, and what can be reached.
import type { Entity, Room } from "../types";

export const lights = (room: Room): Entity[] =>
  room.entities.filter((e) => e.component === "light" && e.controls.some((c) => c.property === "on"));

export const reachable = (e: Entity): boolean => e.status !== "offline" && e.status !== "quarantined";
