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
  for (const size of ["phone", "wall"]) {
    const german = await open({ viewport: SIZES[size], colorScheme: size === "wall" ? "dark" : "light", locale: "de-AT", storageState: storage, hasTouch: true });
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
