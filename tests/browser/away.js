// A phone that takes the house with it: it can be installed, and it says so when the house is out of reach.
import net from "node:net";
import { SIZES } from "./browser.js";
import { lampIs } from "./tabs.js";

/** What keeps a phone from installing it. A test's browser keeps nothing, which is the one thing that may. */
export async function installing({ open, storage }) {
  const { context, page } = await open({ viewport: SIZES.phone, storageState: storage, serviceWorkers: "allow" });
  await page.goto("/");
  await page.locator(".room").first().waitFor();
  const session = await context.newCDPSession(page);
  const { installabilityErrors } = await session.send("Page.getInstallabilityErrors");
  const { data } = await session.send("Page.getAppManifest");
  const icons = [];
  for (const icon of JSON.parse(data).icons.filter((i) => i.type === "image/png")) {
    const size = await page.evaluate((src) => new Promise((done) => {
      const image = new Image();
      image.onload = () => done(`${image.naturalWidth}x${image.naturalHeight}`);
      image.onerror = () => done("none");
      image.src = src;
    }), icon.src);
    icons.push(`${icon.purpose} ${icon.sizes}${size === icon.sizes ? "" : ` is ${size}`}`);
  }
  await context.close();
  return { errors: installabilityErrors.map((e) => e.errorId).filter((e) => e !== "in-incognito"), icons };
}

/** A Wi-Fi that is dead without a word: connections stay open, and nothing comes through any more. */
export async function deadWifi({ browser, url, storage }) {
  const [host, port] = new URL(url).host.split(":");
  const sockets = new Set();
  let dead = false;
  const server = net.createServer((near) => {
    const far = net.connect(Number(port), host);
    for (const [from, to] of [[near, far], [far, near]]) {
      sockets.add(from);
      from.on("data", (bytes) => dead || to.write(bytes));
      from.on("close", () => { sockets.delete(from); if (!dead) to.destroy(); });
      from.on("error", () => {});
    }
  });
  await new Promise((done) => server.listen(0, "127.0.0.1", done));
  const context = await browser.newContext({ baseURL: `http://127.0.0.1:${server.address().port}`, viewport: SIZES.phone, storageState: storage, locale: "en-GB", serviceWorkers: "block" });
  const page = await context.newPage();
  await page.clock.install();
  await page.goto("/");
  const tap = page.getByRole("switch", { name: /^Hall: light/ });
  await tap.waitFor();
  await page.clock.runFor(1000);
  const banner = page.locator(".banner").first();
  const found = { before: await banner.isVisible() };
  dead = true;
  // Time passes; nothing comes, not even the word that it is still there.
  await page.clock.runFor(60_000);
  found.said = await banner.innerText({ timeout: 8000 }).catch(() => "");
  dead = false;
  sockets.forEach((s) => s.destroy());
  // It comes back by itself, with what is so now.
  found.back = false;
  for (let n = 0; n < 40 && !found.back; n += 1) {
    await page.clock.runFor(1000);
    await page.waitForTimeout(100);
    found.back = !(await banner.isVisible());
  }
  const on = (await tap.getAttribute("aria-checked")) !== "true";
  await tap.click();
  for (let n = 0; n < 20 && !found.live; n += 1) {
    await page.clock.runFor(500);
    found.live = await lampIs(page, on, 300);
  }
  await context.close();
  server.close();
  return found;
}
