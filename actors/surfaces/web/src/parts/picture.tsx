// The last picture of a camera or image.
import { useEffect, useState } from "preact/hooks";
import { value } from "../store";
import type { Entity } from "../types";

/** Looked for again this often while the page is seen, in milliseconds. */
const AGAIN = 10_000;

export function Picture({ entity }: { entity: Entity }) {
  const [at, setAt] = useState(0);
  const kind = value(entity, "state");
  // A robot's map says its room, and an address is no picture.
  const shown = (entity.component === "camera" || entity.component === "image") && typeof kind === "string" && /^(png|jpeg|gif|webp)\b/.test(kind);
  useEffect(() => {
    if (!shown) return;
    const timer = setInterval(() => document.hidden || setAt((n) => n + 1), AGAIN);
    return () => clearInterval(timer);
  }, [shown, kind]);
  if (!shown) return null;
  return (
    <figure class="picture">
      <img src={`/api/v1/entities/${encodeURIComponent(entity.id)}/picture?at=${at}`} alt={entity.name} />
      <figcaption>{entity.name}</figcaption>
    </figure>
  );
}
