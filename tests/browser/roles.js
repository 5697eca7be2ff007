// Every page as each of those who live or visit here, in each size: what is for others is neither there nor led to, and nothing of
// what is theirs fails.
//
// node roles.js URL FOLDER PEOPLE [DIST]: PEOPLE is JSON, `[{ "name", "token", "pages": [...], "hidden": [...] }]`.
import { SIZES, begin } from "./browser.js";

const [url, folder, people, dist] = process.argv.slice(2);
const PAGES = {
  now: "/", room: "/room/hall", device: "/device/hall-lamp", history: "/device/hall-motion?of=hall-motion.illuminance", find: "/find", hits: "/find?filter=kind%3Adevice", people: "/people", person: "/person/anna",
  why: "/why/hall-lamp", journal: "/journal", house: "/house", rules: "/rules", adopt: "/adopt", config: "/config",
};
/** First parts of addresses that links may lead to, by the name of the page. */
const PLACE = { now: "", history: "device", hits: "find" };

const { browser, found, open, check } = await begin(url, folder, dist);
Object.assign(found, { failed: [], strange: [], leads: [], seen: [], visits: 0 });
for (const { name, token, pages, hidden } of JSON.parse(people)) {
  const places = pages.map((p) => PLACE[p] ?? p);
  for (const [size, viewport] of Object.entries(SIZES)) {
    const { context, page } = await open({ viewport, colorScheme: size === "wall" ? "dark" : "light", hasTouch: size !== "desk" });
    await context.addCookies([{ name: "lares_session", value: token, url }]);
    let at = "";
    page.on("response", (r) => r.status() >= 400 && found.failed.push(`${name} ${at}: ${r.status()} ${new URL(r.url()).pathname}`));
    for (const [called, path] of Object.entries(PAGES)) {
      at = called;
      found.visits += 1;
      await page.goto(path);
      await page.locator("h1").waitFor();
      await page.locator(".room, .entity, .answer, .log li, .status-list, .readings li, .rule, .banner, .none, .code-box, p.quiet:not([aria-busy])").first().waitFor({ timeout: 8000 });
      await page.waitForTimeout(250);
      const shut = await page.getByRole("heading", { name: "Not for you" }).isVisible();
      if (shut === pages.includes(called)) found.strange.push(`${name} ${called}: ${shut ? "shut" : "open"}`);
      const [text, links] = await page.evaluate(() => [document.body.innerText, [...document.querySelectorAll("a[href^='/']")].map((a) => a.getAttribute("href"))]);
      found.leads.push(...links.filter((l) => !places.includes(l.split(/[/?]/)[1])).map((l) => `${name} ${called}: ${l}`));
      found.seen.push(...hidden.filter((h) => text.includes(h)).map((h) => `${name} ${called}: ${h}`));
      if (!shut) await check(page, `${name}-${called}-${size}`);
    }
    await context.close();
  }
}
await browser.close();
console.log(JSON.stringify(found));
