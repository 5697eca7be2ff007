// Drives the dashboard in a real Chromium: comes in as the first owner, looks at each page in each size, light and dark, with
// axe-core, and says what it found as one JSON object. Pictures go to the folder that is named.
//
// node look.js URL CODE FOLDER [DIST]: with DIST the dashboard's files come from there, for work on them without a build of Rust.
import { join } from "node:path";
import { SIZES, begin } from "./browser.js";
import { deadWifi, installing } from "./away.js";
import { letGo } from "./claims.js";
import { badForms } from "./forms.js";
import { inGerman } from "./german.js";
import { severalFiles } from "./several.js";
import { lampIs, manyTabs } from "./tabs.js";
import { updating } from "./updates.js";

const [url, code, folder, dist] = process.argv.slice(2);
const PAGES = {
  now: "/", room: "/room/hall", device: "/device/hall-lamp", history: "/device/porch?of=porch.temperature", why: "/why/hall-lamp", find: "/find?filter=kind%3Aroom", journal: "/journal", house: "/house", rules: "/rules", adopt: "/adopt", config: "/config", editor: "/config?file=home.toml", people: "/people", person: "/person/anna", lists: "/lists",
};

const { browser, found, open, check } = await begin(url, folder, dist);

// The first visit: an empty household's door.
const first = await open({ viewport: SIZES.phone });
const bytes = { sum: 0 };
const session = await first.context.newCDPSession(first.page);
await session.send("Network.enable");
session.on("Network.loadingFinished", (e) => (bytes.sum += e.encodedDataLength));
await first.page.goto("/");
await first.page.getByLabel("One-time code").waitFor();
await check(first.page, "door-phone");
await first.page.getByLabel("One-time code").fill("AAAAA-AAAAA");
await first.page.getByLabel("Choose a password").fill("walnuts and honey");
await first.page.getByRole("button", { name: "Come in" }).click();
await first.page.getByRole("alert").waitFor();
found.wrongCode = await first.page.getByRole("alert").innerText();
await first.page.getByLabel("One-time code").fill(code);
await first.page.getByRole("button", { name: "Come in" }).click();
await first.page.getByRole("region", { name: "Rooms" }).waitFor();
found.wire = bytes.sum;
const storage = await first.context.storageState();

// From the address to a page that can be used, nothing kept.
const times = [];
for (let n = 0; n < 3; n += 1) {
  const cold = await open({ viewport: SIZES.phone, storageState: storage });
  const since = performance.now();
  await cold.page.goto("/", { waitUntil: "commit" });
  await cold.page.locator(".room .lamp").first().waitFor();
  times.push(performance.now() - since);
  await cold.context.close();
}
found.usable_ms = Math.round(Math.min(...times));
found.times_ms = times.map(Math.round);

// A tap: shown as wished, then as done; the light is told to be on by its own report.
const tap = first.page.getByRole("switch", { name: /^Hall: light/ });
const before = await tap.getAttribute("aria-checked");
const tapped = performance.now();
await tap.click();
await first.page.waitForFunction((was) => {
  const lamp = [...document.querySelectorAll(".room .lamp")].find((l) => l.getAttribute("aria-label")?.startsWith("Hall:"));
  return lamp?.getAttribute("aria-checked") !== was && lamp?.getAttribute("aria-busy") !== "true";
}, before);
found.tap_ms = Math.round(performance.now() - tapped);

// A long press opens the detail, and switches nothing.
const lit = await tap.getAttribute("aria-checked");
const spot = await tap.boundingBox();
await first.page.mouse.move(spot.x + spot.width / 2, spot.y + spot.height / 2);
await first.page.mouse.down();
await first.page.waitForURL(/\/(device|room)\//);
await first.page.mouse.up();
found.press = new URL(first.page.url()).pathname;
await first.page.goBack();
await tap.waitFor();
found.pressed = (await tap.getAttribute("aria-checked")) !== lit;

// A household that does not answer in the middle of a wish: said, and nothing shown as done.
await first.context.setOffline(true);
const shown = await tap.getAttribute("aria-checked");
await tap.click();
await first.page.locator(".toast.bad").first().waitFor();
found.cutOff = await first.page.locator(".toast.bad").first().innerText();
await first.page.waitForTimeout(300);
found.honest = (await tap.getAttribute("aria-checked")) === shown;
await first.page.screenshot({ path: join(folder, "cut-off-phone.png") });
await first.context.setOffline(false);

// A socket that is cut in the middle: the household has the wish, the page hears nothing. It says so, and shows what the lamp says.
await first.page.locator(".banner").waitFor({ state: "detached" });
await first.page.route("**/api/v1/intents", async (r) => { await r.fetch(); await r.abort("connectionreset"); }, { times: 1 });
const held = await tap.getAttribute("aria-checked");
await tap.click();
await first.page.locator(".toast.bad").last().waitFor();
found.cutMiddle = await lampIs(first.page, held !== "true");

found.tabs = await manyTabs({ open, storage, first, tap });
found.installing = await installing({ open, storage });
found.wifi = await deadWifi({ browser, url, storage });

// By keyboard alone: the first stop leads past the links, the lamp is a stop, and space switches it.
const keys = await open({ viewport: SIZES.desk, storageState: storage });
await keys.page.goto("/");
await keys.page.locator(".room .lamp").first().waitFor();
await keys.page.keyboard.press("Tab");
found.skip = await keys.page.evaluate("document.activeElement.textContent");
let stops = 0;
while (stops < 40 && !(await keys.page.evaluate("document.activeElement.classList.contains('lamp')"))) {
  await keys.page.keyboard.press("Tab");
  stops += 1;
}
found.keyboard = stops < 40;
// A name that is a script is a name.
await keys.page.goto("/room/utility");
await keys.page.locator(".readings li").first().waitFor();
await keys.page.waitForTimeout(200);
found.script = await keys.page.evaluate("window.pwned ?? null");
await keys.context.close();

// What came over MQTT is in the plot, what comes joins it, silence is a gap, and keys lead along it.
const plots = await open({ viewport: SIZES.phone, storageState: storage });
await plots.page.goto("/room/hall");
await plots.page.getByRole("link", { name: /^temperature/ }).first().click();
const history = plots.page.getByRole("region", { name: "History", exact: true });
await history.locator(".line").first().waitFor();
await history.getByText("As a table").click();
const rows = history.locator("tbody tr");
await rows.first().waitFor();
found.history = { measured: (await rows.allInnerTexts()).some((row) => row.includes("17.5")) };
const least = await rows.count();
found.history.joins = await plots.page.waitForFunction((n) => document.querySelectorAll(".as-table tbody tr").length > n, least, { timeout: 8000 }).then(() => true, () => false);
await history.getByRole("button", { name: "7 d" }).click();
await history.locator(".unknown").first().waitFor();
found.history.gap = (await history.locator(".line").count()) > 1 && /Nothing was known for/.test(await history.locator(".sum").innerText());
const along = history.getByRole("slider");
await along.focus();
await plots.page.keyboard.press("ArrowLeft");
found.history.keyboard = /°C/.test((await along.getAttribute("aria-valuetext")) ?? "") && (await history.locator(".cursor").count()) === 1;
found.history.sentence = await history.locator(".sum").innerText();
await check(plots.page, "history-7d-phone");
for (const range of ["30 d", "1 y"]) {
  await history.getByRole("button", { name: range }).click();
  await history.locator(".line").first().waitFor();
  await check(plots.page, `history-${range.replace(" ", "")}-phone`);
}

// A sentence from any page: the lamp goes on, and the answer says so; what opens is asked back.
await plots.page.goto("/");
const hall = plots.page.getByRole("switch", { name: /^Hall: light/ });
await hall.waitFor();
if ((await hall.getAttribute("aria-checked")) === "true") {
  await hall.click();
  await plots.page.waitForFunction(() => [...document.querySelectorAll(".room .lamp")].find((l) => l.getAttribute("aria-label")?.startsWith("Hall:"))?.getAttribute("aria-checked") === "false");
}
await plots.page.getByRole("button", { name: "Say" }).click();
const box = plots.page.getByRole("dialog");
await check(plots.page, "say-empty-phone");
await box.getByRole("textbox").fill("turn on the hall lamp");
await plots.page.keyboard.press("Enter");
await box.locator(".theirs:not([aria-busy])").first().waitFor();
found.said = { answer: await box.locator(".theirs").first().innerText() };
await box.getByRole("textbox").fill("unlock the porch gate");
await plots.page.keyboard.press("Enter");
const no = box.getByRole("button", { name: "No", exact: true });
found.said.asked = await no.waitFor().then(() => true, () => false);
await check(plots.page, "say-asked-phone");
await no.click();
await plots.page.keyboard.press("Escape");
found.said.lit = await plots.page.waitForFunction(() => [...document.querySelectorAll(".room .lamp")].find((l) => l.getAttribute("aria-label")?.startsWith("Hall:"))?.getAttribute("aria-checked") === "true", null, { timeout: 8000 }).then(() => true, () => false);
await plots.page.goto("/device/porch");
found.said.refused = await plots.page.getByRole("button", { name: "gate: Lock: unlock" }).waitFor({ timeout: 8000 }).then(() => true, () => false);

// A latch is shown, and cleared by the owner.
await plots.page.goto("/house");
const locks = plots.page.getByRole("region", { name: "Interlocks" });
await locks.getByText("latched").waitFor();
await check(plots.page, "latched-phone");
await locks.getByRole("button", { name: "Clear Water at the pump" }).click();
found.latch = await locks.getByText("latched").waitFor({ state: "detached", timeout: 8000 }).then(() => true, () => false);
await plots.context.close();

// What is new is placed: what does not fit is said on its card, and then it is in its room.
const placing = await open({ viewport: SIZES.phone, storageState: storage });
await placing.page.goto("/adopt");
const card = placing.page.getByRole("form", { name: "hall-fan" });
await card.waitFor();
found.adopt = { proposed: await card.getByLabel("Room").inputValue() };
await card.getByText("What rules call it").click();
await card.getByLabel("Key").fill("hall-lamp");
await card.getByLabel("Name").fill("Ceiling fan");
await card.getByRole("button", { name: "Place it" }).click();
await card.getByRole("alert").waitFor();
found.adopt.refused = await card.getByRole("alert").innerText();
await check(placing.page, "adopt-refused-phone");
await card.getByLabel("Key").fill("hall-fan");
await card.getByRole("button", { name: "Place it" }).click();
await card.waitFor({ state: "detached" });
await placing.page.goto("/device/hall-fan");
found.adopt.placed = await placing.page.getByRole("heading", { name: "Ceiling fan" }).waitFor({ timeout: 8000 }).then(() => true, () => false);
await placing.context.close();

// The home's files: a mistake is shown where it is while it is typed, what would change is seen before it counts, and it goes back
// or stays by a word.
for (const size of ["phone", "desk"]) {
  const desk = await open({ viewport: SIZES[size], colorScheme: size === "desk" ? "dark" : "light", storageState: storage });
  await desk.page.goto("/config");
  await desk.page.getByRole("link", { name: "Edit home.toml" }).click();
  const area = desk.page.getByRole("textbox", { name: "home.toml" });
  await area.waitFor();
  const good = await area.inputValue();
  await area.fill(good.replace("[household]", "[household]\nnmae = \"x\""));
  const said = desk.page.getByRole("list", { name: "What the checker says" }).getByRole("listitem").first();
  await said.waitFor();
  await check(desk.page, `editor-mistake-${size}`);
  found.config = { ...found.config, mistake: await said.innerText() };
  await said.getByRole("button").click();
  found.config.jumps = await area.evaluate((a) => a.value.slice(a.selectionStart).startsWith("nmae"));
  await area.fill(good.replace("[household]", "# One line more.\n[household]"));
  await desk.page.getByText("a good home").waitFor();
  await desk.page.getByRole("button", { name: "See what changes" }).click();
  const form = desk.page.getByRole("form", { name: "What changes" });
  found.config.diff = (await form.locator("tr.added").allInnerTexts()).join("");
  await check(desk.page, `editor-diff-${size}`);
  // What the household could not do is said beside the button.
  await desk.page.route("**/api/v1/files/apply", (r) => r.fulfill({ status: 503, contentType: "application/problem+json", body: JSON.stringify({ detail: "failed to write home.toml: Read-only file system" }) }), { times: 1 });
  await form.getByRole("button", { name: "Apply" }).click();
  await form.getByRole("alert").getByText("Read-only file system").waitFor();
  await form.getByRole("button", { name: "Apply" }).click();
  const waits = desk.page.getByRole("region", { name: "Waits to be confirmed" });
  await waits.waitFor();
  found.config.timer = await waits.getByRole("timer").innerText();
  await check(desk.page, `editor-waits-${size}`);
  await waits.getByRole("button", { name: size === "phone" ? "Keep it" : "Take it back" }).click();
  await waits.waitFor({ state: "detached" });
  if (size === "phone") {
    await desk.page.goto("/config");
    await desk.page.getByRole("button", { name: /Take back change/ }).first().click();
    await desk.page.getByText(/taken back by/).first().waitFor();
  } else {
    // What is there now is shown, without a look elsewhere.
    await desk.page.waitForFunction((was) => document.querySelector(".code-box textarea")?.value === was, good);
  }
  await desk.page.goto("/config?file=home.toml");
  await area.waitFor();
  found.config[size] = (await area.inputValue()) === good;
  await desk.context.close();
}

found.claim = await letGo({ open, check, storage });
found.updates = await updating({ open, check, storage });
found.several = await severalFiles({ open, check, storage });
found.german = await inGerman({ open, check, storage, pages: PAGES });

// A guest link: made by the owner, opened on another phone, which sees its rooms and nothing else; ended, it is shut at once.
const host = await open({ viewport: SIZES.phone, storageState: storage });
await host.page.goto("/people");
const links = host.page.getByRole("region", { name: "Guests by link" });
await links.getByText("Make a link").click();
const wanted = links.getByRole("form", { name: "A guest link" });
await wanted.getByLabel("Name").fill("Aunt Ida");
await wanted.getByRole("button", { name: "Make the link" }).click();
await wanted.getByRole("alert").waitFor();
found.guest = { refused: await wanted.getByRole("alert").innerText() };
await wanted.getByLabel("Hall").check();
await check(host.page, "guest-link-phone");
await wanted.getByRole("button", { name: "Make the link" }).click();
const link = await links.locator(".token").innerText();
await links.getByRole("button", { name: "End the link of Aunt Ida" }).waitFor();
await check(host.page, "guest-made-phone");
const guest = await open({ viewport: SIZES.phone, colorScheme: "dark" });
await guest.page.goto(link);
await guest.page.getByRole("button", { name: "Come in" }).waitFor();
await check(guest.page, "guest-door-phone-dark");
await guest.page.getByRole("button", { name: "Come in" }).click();
await guest.page.getByText("You are a guest here until").waitFor();
found.guest.rooms = await guest.page.getByRole("region", { name: "Rooms" }).getByRole("heading").allInnerTexts();
found.guest.pages = await guest.page.getByRole("navigation").getByRole("link").allInnerTexts();
await check(guest.page, "guest-now-phone-dark");
await links.getByRole("button", { name: "End the link of Aunt Ida" }).click();
await guest.page.goto("/room/hall");
found.guest.shut = await guest.page.getByRole("button", { name: "I am a guest" }).waitFor({ timeout: 8000 }).then(() => true, () => false);
await guest.context.close();
await host.context.close();

for (const [size, viewport] of Object.entries(SIZES)) {
  // Every size and both schemes, but not every pair of them on every page: a minute is long.
  for (const colorScheme of size === "phone" ? ["light", "dark"] : size === "wall" ? ["dark"] : ["light"]) {
    const { context, page } = await open({ viewport, colorScheme, storageState: storage, hasTouch: size !== "desk" });
    for (const [name, path] of Object.entries(PAGES)) {
      await page.goto(path);
      await page.locator("h1").waitFor();
      await page.locator(".room, .entity, .answer, .log li, .status-list, .readings li, .rule, .banner, .none, .code-box").first().waitFor({ timeout: 8000 });
      await page.waitForTimeout(120);
      await check(page, `${name}-${size}${colorScheme === "dark" ? "-dark" : ""}`);
    }
    await context.close();
  }
}
found.forms = await badForms({ open, storage });
await browser.close();
console.log(JSON.stringify(found));
