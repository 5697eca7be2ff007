// The dashboard's tour in a real Chromium, on the sample home: by finger on a narrow phone, by keyboard at a desk, on a wall display,
// and as a child and a guest see it. Before it the book's pictures are taken. Says what it found as one JSON object.
//
// node tour.js URL CODE FOLDER HOME [DIST]: HOME is the folder of the home's files.
import { mkdirSync, readFileSync, rmdirSync } from "node:fs";
import { join } from "node:path";
import { SIZES, begin } from "./browser.js";
import { book } from "./book.js";

const [url, code, folder, home, dist] = process.argv.slice(2);
const { browser, found, open, check, picture } = await begin(url, folder, dist);
const narrow = { width: 360, height: 740 };

const card = (page) => page.getByRole("region", { name: "A short tour" });
const title = async (page) => (await card(page).getByRole("heading").innerText()).replace(/\s*\d+ \/ \d+$/, "");
const pointed = (page) => page.evaluate("document.querySelector('[data-pointed]')?.className ?? null");
const next = (page) => card(page).getByRole("button", { name: /^(Next|Why is it so\?)$/ });
const until = (page, step) => card(page).getByRole("heading", { name: step }).waitFor({ timeout: 8000 });
const files = () => readFileSync(join(home, "home.toml"), "utf8");

// The first owner comes in, and is offered a tour.
const first = await open({ viewport: narrow, hasTouch: true });
const page = first.page;
await page.goto("/");
await page.getByLabel("One-time code").waitFor();
await picture(page, "door-phone");
await page.getByLabel("One-time code").fill(code);
await page.getByLabel("Choose a password").fill("walnuts and honey");
await page.getByRole("button", { name: "Come in" }).click();
await page.getByRole("region", { name: "Rooms" }).waitFor();
await page.locator(".lamp:not(:disabled)").first().waitFor();
const { cookies } = await first.context.storageState();
/** As she is, on another device, which knows nothing of the tour or has had it. */
const anna = (had) => ({ cookies, origins: had ? [{ origin: url, localStorage: [{ name: "lares-tour-anna", value: "over" }] }] : [] });
await check(page, "tour-offer-phone");
const api = (path, body) => page.evaluate(async ([path, body]) => {
  const answer = await fetch(`/api/v1${path}`, body === null ? {} : { method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(body) });
  return answer.json();
}, [path, body ?? null]);

found.kitchen = await book({ open, check, picture, api, storage: anna(true) });

// A reload is no answer; the tour goes on where it was.
await page.getByRole("button", { name: "Show me around" }).click();
await until(page, "Every room is a tile");
found.tour = { tile: await pointed(page) };
await check(page, "tour-room-phone");
await next(page).click();
await until(page, "One tap switches its lights");
const lamp = page.locator("[data-pointed]");
const was = await lamp.getAttribute("aria-checked");
await lamp.click();
const told = card(page).getByRole("status");
await told.getByText(`${was === "true" ? "off" : "on"}, as it says itself`).waitFor({ timeout: 8000 });
found.tour.light = await told.innerText();
found.tour.lamp = await lamp.getAttribute("class");
await check(page, "tour-light-phone");
await picture(page, "tour-phone");
await next(page).click();
await until(page, "Everything has its why");
await page.locator(".answer[data-pointed]").waitFor();
found.tour.why = await page.locator(".answer").innerText();
await check(page, "tour-why-phone");
await next(page).click();
await until(page, "Nothing is forgotten");
await page.locator(".log li[data-pointed]").waitFor();
await check(page, "tour-journal-phone");
await page.reload();
await until(page, "Nothing is forgotten");
await card(page).getByRole("button", { name: "Back" }).click();
await until(page, "Everything has its why");
await next(page).click();
await next(page).click();
await until(page, "What needs you stands on top");
await check(page, "tour-needs-phone");
await next(page).click();
await until(page, "Now a room of your own");
// What the card covers can be scrolled out from under it.
const own = card(page).getByRole("form");
await check(page, "tour-own-phone");

// A name that is taken, and a folder that cannot be written: said, and nothing has changed.
const before = files();
await own.getByLabel("Name").fill("Hall");
await own.getByRole("button", { name: "Make the room" }).click();
await own.getByRole("alert").waitFor();
found.tour.taken = await own.getByRole("alert").innerText();
await own.getByLabel("Name").fill("Größe Küche");
await own.getByLabel("Floor").fill("upper floor");
mkdirSync(join(home, "home.toml.new"));
await own.getByRole("button", { name: "Make the room" }).click();
await own.getByRole("alert").getByText("may not write").waitFor();
found.tour.unwritable = await own.getByRole("alert").innerText();
rmdirSync(join(home, "home.toml.new"));
found.tour.untouched = files() === before;
await check(page, "tour-unwritable-phone");
found.tour.lines = await own.locator("pre").innerText();
await own.getByRole("button", { name: "Make the room" }).click();
await page.waitForURL(/\/room\/grosse-kuche$/);
await page.getByRole("heading", { name: "Größe Küche" }).waitFor();
await page.getByRole("region", { name: "Now give it a device" }).waitFor();
await check(page, "tour-made-phone");
await picture(page, "tour-made-phone");
found.tour.over = (await card(page).count()) === 0;
found.tour.home = (await api("/home")).rooms.find((r) => r.key === "grosse-kuche");
found.tour.change = (await api("/files")).changes[0].state;
// What comes next leads on, with this room chosen for what proposes none.
await page.getByRole("region", { name: "Now give it a device" }).getByRole("link", { name: /^New devices \(/ }).click();
found.tour.adopt = await page.getByRole("form", { name: "Plug" }).getByLabel("Room").inputValue();

// It is not offered again, and begins anew on the House page; Escape leaves it.
await page.goto("/");
await page.locator(".room").first().waitFor();
found.tour.offered = await page.getByRole("button", { name: "Show me around" }).count();
await page.goto("/house");
await page.getByRole("button", { name: "A short tour" }).click();
await until(page, "Every room is a tile");
await page.keyboard.press("Escape");
await card(page).waitFor({ state: "detached" });
await first.context.close();

// By keyboard alone, from the offer to the room.
const desk = await open({ viewport: SIZES.desk, colorScheme: "dark", storageState: anna(false) });
const keys = desk.page;
await keys.goto("/");
await keys.getByRole("button", { name: "Show me around" }).waitFor();
const tabTo = async (words) => {
  for (let n = 0; n < 60; n += 1) {
    await keys.keyboard.press("Tab");
    if (await keys.evaluate((w) => document.activeElement?.textContent?.trim() === w || document.activeElement?.getAttribute("name") === w, words)) return true;
  }
  throw new Error(`${words} is no stop`);
};
await tabTo("Show me around");
await keys.keyboard.press("Enter");
found.keys = [];
for (;;) {
  await card(keys).getByRole("heading").waitFor();
  const step = await title(keys);
  found.keys.push(step);
  // The heading has the focus, so that a screen reader reads it, and its buttons come next.
  await keys.waitForFunction("document.activeElement?.matches('.tour h2')");
  await keys.waitForTimeout(150);
  await check(keys, `tour-${found.keys.length}-desk-dark`);
  if (step === "Now a room of your own") break;
  await tabTo(step === "One tap switches its lights" ? "Why is it so?" : "Next");
  await keys.keyboard.press("Enter");
  await keys.waitForFunction((s) => !document.querySelector(".tour h2")?.textContent?.startsWith(s), step);
}
await tabTo("name");
await keys.keyboard.type("Attic");
await tabTo("floor");
await keys.keyboard.type("Under the roof");
await keys.keyboard.press("Enter");
await keys.waitForURL(/\/room\/attic$/);
await keys.getByRole("heading", { name: "Attic" }).waitFor();
found.attic = await keys.evaluate(async () => (await (await fetch("/api/v1/home")).json()).rooms.find((r) => r.key === "attic"));
await desk.context.close();

/** The titles of all steps, each looked at. */
async function walk(page, name) {
  const titles = [];
  await page.getByRole("button", { name: "Show me around" }).click();
  for (;;) {
    await card(page).getByRole("heading").waitFor();
    titles.push(await title(page));
    await page.waitForTimeout(250);
    await check(page, `tour-${titles.length}-${name}`);
    if ((await next(page).count()) === 0) return titles;
    const step = titles[titles.length - 1];
    await next(page).click();
    await page.waitForFunction((s) => !document.querySelector(".tour h2")?.textContent?.startsWith(s), step);
  }
}

const wall = await open({ viewport: SIZES.wall, colorScheme: "dark", hasTouch: true, storageState: anna(false) });
await wall.page.goto("/");
found.wall = await walk(wall.page, "wall-dark");
await wall.context.close();

// A child and a guest see what is theirs, and no room to make.
const owner = await open({ viewport: narrow, storageState: anna(true) });
await owner.page.goto("/");
const made = (path, body) => owner.page.evaluate(async ([path, body]) => (await fetch(`/api/v1${path}`, { method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(body) })).json(), [path, body]);
const child = await open({ viewport: narrow, colorScheme: "dark" });
await child.page.goto(`/join/${(await made("/accounts/clara/code", {})).code}`);
await child.page.getByLabel("Choose a password").fill("walnuts and honey");
await child.page.getByRole("button", { name: "Come in" }).click();
found.child = await walk(child.page, "child-phone-dark");
await card(child.page).getByRole("button", { name: "Done" }).click();
found.childDone = await card(child.page).waitFor({ state: "detached" }).then(() => true);
// What somebody else writes on a list is seen on a child's page as it is written.
await child.page.goto("/lists");
await child.page.locator(".list li").first().waitFor();
await made("/lists/todo", { name: "Feed the hens" });
found.childLists = await child.page.getByText("Feed the hens").waitFor({ timeout: 8000 }).then(() => true, () => false);
await child.context.close();
const link = await made("/guests", { name: "Uncle Max", rooms: ["hall", "living-room"], lasts_s: 3600 });
const guest = await open({ viewport: narrow });
await guest.page.goto(link.path);
await guest.page.getByRole("button", { name: "Come in" }).click();
found.guest = await walk(guest.page, "guest-phone");
await guest.context.close();
await owner.context.close();

await browser.close();
console.log(JSON.stringify(found));
