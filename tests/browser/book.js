// The pictures of the book: every page of the dashboard as the sample home shows it, on a phone, and some as a wall or a desk does.
import { SIZES } from "./browser.js";

/** Name of the picture, address, and what must be there first. */
const PAGES = [
  ["now", "/", ".room .lamp[aria-checked=true]"],
  ["room", "/room/living-room", ".entity"],
  ["device", "/device/living-heating", ".entity"],
  ["history", "/device/living-climate?of=living-climate.temperature", ".plot .line"],
  ["why", "/why/hall-lamp", ".answer"],
  ["find", "/find?filter=kind%3Aroom", ".readings li"],
  ["journal", "/journal", ".log li"],
  ["house", "/house", ".status-list"],
  ["rules", "/rules", ".rule"],
  ["adopt", "/adopt", ".adopt"],
  ["config", "/config", ".readings li"],
  ["people", "/people", ".readings li"],
  ["person", "/person/anna", ".log li"],
  ["calls", "/calls", ".calls li"],
  ["board", "/room/kitchen", ".coming li"],
  ["lists", "/lists", ".list .done"],
];
const WIDE = [["wall", "dark", ["now", "room"]], ["desk", "light", ["now", "house"]]];

/** Gives what the wall in the kitchen says of its lists. */
export async function book({ open, check, picture, api, storage }) {
  // Somebody else who comes and goes, so that a page of people has people.
  await api("/guests", { name: "Aunt Ida", rooms: ["hall", "living-room"], lasts_s: 259200 });
  const phone = await open({ viewport: SIZES.phone, storageState: storage, hasTouch: true });
  for (const page of PAGES) await take(phone.page, page, "phone");
  await editor(phone.page);
  await say(phone.page);
  await phone.context.close();
  for (const [size, colorScheme, names] of WIDE) {
    const wide = await open({ viewport: SIZES[size], colorScheme, storageState: storage, hasTouch: size === "wall" });
    for (const page of PAGES.filter(([name]) => names.includes(name))) await take(wide.page, page, size);
    await wide.context.close();
  }
  return kitchen();

  /** What hangs in the kitchen: its own browser, which is no person of the house. */
  async function kitchen() {
    const { code } = await api("/accounts/kitchen-panel/code", {});
    const { context, page } = await open({ viewport: SIZES.wall, colorScheme: "dark", hasTouch: true });
    await page.goto(`/join/${code}`);
    await page.getByLabel("Choose a password").fill("walnuts and honey");
    await page.getByRole("button", { name: "Come in" }).click();
    const shopping = page.locator(".lists details", { hasText: "Shopping" });
    await shopping.waitFor();
    const said = { line: await shopping.locator("summary").innerText() };
    await check(page, "book-board-wall");
    await picture(page, "board-wall");
    await shopping.locator("summary").click();
    said.open = await shopping.locator("li").allInnerTexts();
    said.ticks = await shopping.getByRole("checkbox").count();
    // Somebody thinks of something else, and it is seen there without a touch.
    await api("/lists/shopping", { name: "Cinnamon" });
    said.live = await shopping.getByText("Cinnamon", { exact: true }).waitFor({ timeout: 8000 }).then(() => true, () => false);
    await check(page, "book-board-open-wall");
    await context.close();
    return said;
  }

  async function take(page, [name, path, first], size) {
    await page.goto(path);
    await page.locator(first).first().waitFor({ timeout: 15000 });
    await page.waitForTimeout(400);
    await check(page, `book-${name}-${size}`);
    await picture(page, `${name}-${size}`);
  }

  /** A mistake, as it is shown while it is typed. */
  async function editor(page) {
    await page.goto("/config?file=rules.toml");
    const area = page.getByRole("textbox", { name: "rules.toml" });
    await area.waitFor();
    const good = await area.inputValue();
    await area.fill(good.replace('set = "hall-lamp"', 'set = "hal-lamp"'));
    await page.locator(".problems .link").first().click();
    await check(page, "book-editor-phone");
    await picture(page, "editor-phone");
    await area.fill(good);
  }

  async function say(page) {
    await page.goto("/");
    await page.locator(".room").first().waitFor();
    await page.getByRole("button", { name: "Say" }).click();
    const box = page.getByRole("dialog");
    await box.getByRole("textbox").fill("turn on the bedroom lamp");
    await page.keyboard.press("Enter");
    await box.locator(".theirs:not([aria-busy])").first().waitFor();
    await box.getByRole("textbox").fill("how warm is it in the living room?");
    await page.keyboard.press("Enter");
    await box.locator(".theirs:not([aria-busy])").nth(1).waitFor();
    await check(page, "book-say-phone");
    await picture(page, "say-phone");
    await page.keyboard.press("Escape");
  }
}
