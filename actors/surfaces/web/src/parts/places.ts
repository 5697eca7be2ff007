// Which pages there are, and for whom. The household decides what somebody may; this keeps from leading to what it would refuse.
import type { Me } from "../types";

type Role = Me["role"];
const RUN: Role[] = ["owner", "adult"];
const LIVE: Role[] = [...RUN, "child"];
const ALL: Role[] = [...LIVE, "guest"];

/** By the first part of the address: for which roles, and whether it tells of the whole house, which somebody who may see some rooms
 * only does not see. */
const PLACES: Record<string, [Role[], boolean]> = {
  "": [ALL, false], room: [ALL, false], device: [ALL, false], find: [ALL, false], people: [ALL, false],
  why: [LIVE, true], person: [LIVE, true], lists: [LIVE, true], journal: [RUN, true], house: [RUN, true], rules: [RUN, true], adopt: [RUN, false], config: [["owner"], false],
};

export function may(me: Me | null | undefined, place: string): boolean {
  const [roles, whole] = PLACES[place] ?? [ALL, false];
  return !!me && roles.includes(me.role) && (me.everywhere || !whole);
}
