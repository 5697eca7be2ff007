// A robot's map: its rooms as it drew them, and the one that it is in.
import { value } from "../store";
import type { Entity } from "../types";

const FIRST = "A".charCodeAt(0);

export function RobotMap({ entity }: { entity: Entity }) {
  const plan = value(entity, "map");
  const known = value(entity, "rooms");
  if (typeof plan !== "string" || plan === "") return null;
  const rooms = typeof known === "string" && known !== "" ? known.split(", ") : [];
  const here = value(entity, "state");
  const rows = plan.split("\n");
  const width = Math.max(...rows.map((row) => row.length));
  // Letters are half as wide as high.
  const runs = rows.flatMap((row, y) => [...row.matchAll(/([^ ])\1*/g)].map((m) => ({ y, x: m.index, n: m[0].length, letter: m[1] ?? "." })));
  return (
    <figure class="entity" aria-label={`${entity.name}: ${rooms.join(", ")}`}>
      <svg viewBox={`0 0 ${width} ${rows.length * 2}`} width="100%" style={{ maxHeight: "320px" }} aria-hidden="true">
        {runs.map(({ x, y, n, letter }) => <rect key={`${x} ${y}`} x={x} y={y * 2} width={n} height={2.05} fill={colour(letter)} />)}
      </svg>
      <figcaption class="facts">
        {rooms.map((room, n) => (
          <span key={room}><svg viewBox="0 0 1 1" width="10" height="10" aria-hidden="true"><rect width="1" height="1" fill={tint(n)} /></svg> {room === here ? <strong>{room}</strong> : room}</span>
        ))}
      </figcaption>
    </figure>
  );
}

const tint = (n: number): string => `hsl(${(n * 67 + 200) % 360} 55% 62%)`;

function colour(letter: string): string {
  if (letter === "#") return "currentColor";
  if (letter === ".") return "hsl(0 0% 75%)";
  const at = letter.charCodeAt(0) - FIRST;
  return tint(at < 26 ? at : at - 6);
}
