// A new room as text in the home's files: its key, its section, and where a person would look for it.
export interface HomeFile { path: string; text: string; tag: string | null }
export interface Floor { key: string; name: string }
export interface Written { path: string; text: string; tag: string | null; key: string; lines: string }

/** Where rooms go if there are none yet. */
const NEW = "rooms.toml";
const HEAD = /^\s*\[\[?\s*[\w."'-]+\s*\]\]?\s*(#.*)?$/;
const heads = (what: string): RegExp => new RegExp(`^\\s*\\[\\s*${what}\\.["']?([\\w-]+)["']?\\s*\\]`);

/** Keys and names of the floors that the files have. */
export function floors(files: HomeFile[]): Floor[] {
  const found: Floor[] = [];
  for (const line of files.flatMap((f) => f.text.split(/\r?\n/))) {
    const key = heads("floor").exec(line)?.[1];
    if (key) found.push({ key, name: key });
    else if (HEAD.test(line)) found.push({ key: "", name: "" });
    const name = /^\s*name\s*=\s*(["'])([^"'\\]+)\1/.exec(line)?.[2];
    const last = found[found.length - 1];
    if (name && last?.key) last.name = name;
  }
  return found.filter((f) => f.key);
}

/** `Small kitchen` is `small-kitchen`; of the second one `small-kitchen-2`. */
export function keyOf(name: string, taken: string[], otherwise: string): string {
  const plain = name.normalize("NFKD").replace(/\p{M}/gu, "").replace(/ß/g, "ss").toLowerCase();
  const key = plain.replace(/[^a-z0-9]+/g, "-").replace(/^-+|-+$/g, "").slice(0, 40) || otherwise;
  for (let n = 1; ; n += 1) {
    const tried = n === 1 ? key : `${key}-${n}`;
    if (!taken.includes(tried)) return tried;
  }
}

/** What JSON escapes, TOML escapes alike; signs that neither takes are left out. */
const quoted = (text: string): string => JSON.stringify(text.replace(/[\u0000-\u001f\u007f]/g, " "));

/** The file with the room (and its floor, if that is new) in it; nothing is written by this. */
export function withRoom(files: HomeFile[], taken: string[], name: string, floor: string): Written {
  const known = floors(files);
  const here = known.find((f) => f.name.toLowerCase() === floor.toLowerCase() || f.key === floor);
  const file = files.find((f) => f.text.split(/\r?\n/).some((l) => heads("room").test(l))) ?? files.find((f) => f.path === NEW) ?? { path: NEW, text: "", tag: null };
  const all = files.flatMap((f) => f.text.split(/\r?\n/).map((l) => heads("room").exec(l)?.[1] ?? ""));
  const key = keyOf(name, [...taken, ...all], "room");
  const under = here?.key ?? (floor ? keyOf(floor, known.map((f) => f.key), "floor") : "");
  const lines = [
    ...(under && !here ? [`[floor.${under}]`, `name = ${quoted(floor)}`, ""] : []),
    `[room.${key}]`, `name = ${quoted(name)}`, ...(under ? [`floor = "${under}"`] : []),
  ];
  return { ...file, text: after(file.text, lines), key, lines: lines.join("\n") };
}

/** After the last room; what follows it keeps the remarks above it. */
function after(text: string, lines: string[]): string {
  const end = text.includes("\r\n") ? "\r\n" : "\n";
  const old = text.split(/\r?\n/);
  const last = old.reduce((found, l, n) => (heads("room").test(l) ? n : found), -1);
  let to = last < 0 ? -1 : old.findIndex((l, n) => n > last && HEAD.test(l));
  if (to < 0) to = old.length;
  else while (to > last + 1 && /^\s*(#.*)?$/.test(old[to - 1]!)) to -= 1;
  const before = old.slice(0, to);
  while (before.length > 0 && before[before.length - 1]!.trim() === "") before.pop();
  const rest = old.slice(to);
  while (rest.length > 0 && rest[0]!.trim() === "") rest.shift();
  return [...before, ...(before.length ? [""] : []), ...lines, "", ...rest].join(end);
}
