// The steps of the tour: each points at something of this very home. What a home or a role does not have is left out.
import { lights, reachable } from "../parts/rooms";
import { isPending, value } from "../store";
import type { Entity, Home, Me } from "../types";
import { say, t } from "../words";

export interface Step {
  name: "room" | "light" | "why" | "journal" | "needs" | "own";
  title: string;
  text: string;
  /** What it is so far, told live. */
  live?: string;
  path: string;
  /** What is pointed at: the first of them that is there. */
  points: string[];
}

export function steps(home: Home, me: Me): Step[] {
  const room = home.rooms.find((r) => lights(r).some(reachable)) ?? home.rooms[0];
  const lamp = room && lights(room).find(reachable);
  const tile = room && `.room[data-room="${room.key}"]`;
  const of: Step[] = [];
  if (room && tile) of.push({ name: "room", title: t("tourRoom"), text: t("tourRoomText"), path: "/", points: [tile] });
  if (lamp) of.push({ name: "light", title: t("tourLight"), text: t("tourLightText"), live: told(lamp), path: "/", points: [`${tile} .lamp`] });
  if (lamp && me.role !== "guest") of.push({ name: "why", title: t("tourWhy"), text: t("tourWhyText"), path: `/why/${encodeURIComponent(lamp.id)}`, points: [".answer"] });
  if (me.role === "owner" || me.role === "adult") of.push({ name: "journal", title: t("tourJournal"), text: t("tourJournalText"), path: "/journal", points: [".log li:not(.day)"] });
  const needed = home.questions.length + home.needs.filter((n) => n.urgency !== "question").length > 0;
  of.push({ name: "needs", title: t("tourNeeds"), text: t(needed ? "tourNeedsText" : "tourNoNeedsText"), path: "/", points: [".question", ".need", ".title"] });
  if (me.role === "owner") of.push({ name: "own", title: t("tourOwn"), text: t("tourOwnText"), path: "/", points: [] });
  return of;
}

/** A wish is no state: it is told as wished until the lamp says so. */
const told = (lamp: Entity): string =>
  isPending(lamp, "on") ? t("tourAsked", { name: lamp.name }) : t("tourSaid", { name: lamp.name, value: say(value(lamp, "on")) });
