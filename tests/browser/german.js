// The dashboard in another language than that it was written in.
import { readFileSync } from "node:fs";
import { SIZES } from "./browser.js";

/** `pages`: address by name. Gives what was found; `english` is what was left in English. */
export async function inGerman({ open, check, storage, pages }) {
  const found = {};
  // In German: by what the browser wants, on every page, with nothing left in English; and by choice on this device.
  const tables = Object.fromEntries(["en", "de"].map((l) => [l, JSON.parse(readFileSync(new URL(`../../actors/surfaces/web/src/words/${l}.json`, import.meta.url), "utf8"))]));
  // A single small word may be the household's own: a value, a branch of the tree.
  const english = Object.entries(tables.en).filter(([k, v]) => v !== tables.de[k] && !/\{/.test(v) && !/^\p{Ll}+$/u.test(v) && !/^(is|option|kind|level|status|tree|property)\./.test(k)).map(([, v]) => v);
  found.english = [];
  found.words = [];
  for (const size of ["phone", "wall"]) {
    const german = await open({ viewport: SIZES[size], colorScheme: size === "wall" ? "dark" : "light", locale: "de-AT", storageState: storage, hasTouch: true });
    await german.page.goto("/");
    await german.page.locator(".room").first().waitFor();
    const left = await leftInEnglish(german.page, tables);
    for (const [name, path] of Object.entries(pages)) {
      await german.page.goto(path);
      await german.page.locator("h1").waitFor();
      await german.page.locator(".room, .entity, .answer, .log li, .status-list, .readings li, .rule, .banner, .none, .code-box").first().waitFor({ timeout: 8000 });
      await german.page.waitForTimeout(120);
      const told = await german.page.evaluate(() => {
        const all = [...document.querySelectorAll("body *")].flatMap((e) => [
          ...["aria-label", "title", "placeholder", "alt"].map((a) => e.getAttribute(a)),
          ...[...e.childNodes].filter((n) => n.nodeType === Node.TEXT_NODE).map((n) => n.textContent),
        ]);
        return all.map((x) => x?.trim()).filter(Boolean);
      });
      found.words.push(...(await left()).map((x) => `${name}: ${x}`));
      found.english.push(...told.filter((x) => english.includes(x)).map((x) => `${name}: ${x}`));
      await check(german.page, `${name}-${size}-de`);
    }
    Object.assign(found, { lang: await german.page.evaluate("document.documentElement.lang"), now: await german.page.getByRole("navigation").getByRole("link").first().innerText() });
    if (size === "phone") {
      await german.page.goto(pages.people);
      await german.page.getByLabel("Sprache dieser Seite").selectOption("en");
      found.chosen = await german.page.getByRole("link", { name: "Now" }).waitFor().then(() => true, () => false);
      await german.page.reload();
      found.kept = await german.page.getByRole("link", { name: "Now" }).waitFor().then(() => true, () => false);
    }
    await german.context.close();
  }
  return found;
}

const words = (text) => text.match(/\p{L}{2,}/gu) ?? [];

/** Looks at a page for words that are in the table of English and in none of the German one: those of the household, too. What people
 * and devices call things is theirs, and what stands in quotes or is written down as it is. */
async function leftInEnglish(page, tables) {
  const theirs = await page.evaluate(async () => {
    const get = async (path) => (await fetch(`/api/v1${path}`)).json();
    const files = await get("/files");
    const texts = await Promise.all(files.files.map((f) => get(`/files/text?path=${encodeURIComponent(f.path)}`)));
    return { texts: texts.map((t) => t.text), devices: await get("/devices?limit=500"), lists: await get("/lists") };
  });
  const quoted = theirs.texts.flatMap((text) => [...text.matchAll(/"([^"\n]{3,})"/g)].map((m) => m[1]));
  const names = [...quoted, ...theirs.devices.flatMap((d) => [d.name, d.manufacturer, d.model, ...d.entities.map((e) => e.name)]), ...theirs.lists.flatMap((l) => [l.name, ...l.items.map((i) => i.name)])];
  const long = names.filter((n) => n && n.length > 3).sort((a, b) => b.length - a.length);
  // Keys are words as well: `hall`, `hall-lamp.light`.
  const keys = new Set([...theirs.texts.flatMap((text) => [...text.matchAll(/^\[+(?:\w+\.)?([\w.-]+)/gm)].flatMap((m) => words(m[1]))), ...theirs.devices.flatMap((d) => d.entities.flatMap((e) => words(`${e.id} ${e.component}`)))].map((w) => w.toLowerCase()));
  // Thursday is called as what an English button does: `Do`.
  const days = [...Array(7).keys()].map((n) => new Intl.DateTimeFormat("de", { weekday: "short" }).format(new Date(2026, 0, n + 1)));
  const german = new Set([...Object.values(tables.de), ...days].flatMap(words).map((w) => w.toLowerCase()));
  const english = [...new Set(Object.entries(tables.en).filter(([k, v]) => v !== tables.de[k]).flatMap(([, v]) => words(v)).map((w) => w.toLowerCase()))].filter((w) => !german.has(w) && !keys.has(w));
  return () => page.evaluate(([english, long]) => {
    const listed = new Set(english);
    const all = [...document.querySelectorAll("main *")].filter((e) => !e.closest("pre, code, textarea, datalist, .code-box, .diff, .say")).flatMap((e) => [
      ...["aria-label", "title", "placeholder", "alt"].map((a) => e.getAttribute(a)),
      ...[...e.childNodes].filter((n) => n.nodeType === Node.TEXT_NODE).map((n) => n.textContent),
    ]).map((x) => x?.trim()).filter(Boolean);
    const found = new Set();
    for (const text of new Set(all)) {
      // A section of a file is written as it is there, too: [backup].
      let ours = text.replace(/`[^`]*`|"[^"]*"|“[^”]*”|„[^“]*“|\[\w+\]/g, " ");
      for (const name of long) ours = ours.replaceAll(name, " ");
      const seen = ours.match(/(?<![\p{L}\d_.:/-])\p{L}{2,}(?![\p{L}\d_:/-]|\.\p{L})/gu) ?? [];
      const wrong = seen.filter((w) => listed.has(w.toLowerCase()));
      if (wrong.length) found.add(`${wrong.join(" ")} in: ${text}`);
    }
    return [...found];
  }, [english, long]);
}
