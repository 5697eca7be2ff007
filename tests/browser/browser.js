// A real Chromium for the tests of the dashboard: opens pages in it, and looks at each with axe-core.
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { chromium } from "playwright-core";

const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

export const SIZES = {
  phone: { width: 390, height: 844 },
  wall: { width: 800, height: 480 },
  desk: { width: 1280, height: 860 },
};

// LARES_PICTURES names the folder of the book's pictures; without it none is drawn.
const pictures = process.env.LARES_PICTURES;
const QUALITY = 82;

/** `dist`: where the dashboard's files come from, for work on them without a build of Rust. */
export async function begin(url, folder, dist) {
  mkdirSync(folder, { recursive: true });
  const browser = await chromium.launch({
    executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
    headless: true,
    args: ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync"],
  });
  const found = { violations: [], errors: [], overflow: [], squeezed: [], pages: 0 };

  async function open(options) {
    const context = await browser.newContext({ baseURL: url, serviceWorkers: "block", reducedMotion: "reduce", locale: "en-GB", ...options });
    if (dist) {
      await context.route((u) => !u.pathname.startsWith("/api"), (route) => {
        const path = new URL(route.request().url()).pathname;
        const file = join(dist, path);
        return route.fulfill({ path: path !== "/" && existsSync(file) ? file : join(dist, "index.html") });
      });
    }
    const page = await context.newPage();
    page.on("pageerror", (e) => found.errors.push(String(e)));
    // A refusal is shown by the page; the browser's own line on it is no error of ours.
    page.on("console", (m) => m.type() === "error" && !m.text().startsWith("Failed to load resource") && found.errors.push(m.text()));
    return { context, page };
  }

  async function check(page, name) {
    // The page's policy lets no script in but its own; the test's comes by the debugger, which may.
    const results = await page.evaluate(`${axe}; axe.run(document, { resultTypes: ["violations"] })`);
    for (const v of results.violations) found.violations.push(`${name}: ${v.id} (${v.impact}) ${v.nodes.slice(0, 3).map((n) => n.target.join(" ")).join(", ")}`);
    const wide = await page.evaluate("document.documentElement.scrollWidth - innerWidth");
    if (wide > 0) found.overflow.push(`${name}: ${wide} px`);
    // That somebody is in a room is one line of its tile, and what has a version has room for its name.
    const squeezed = await page.evaluate(() => [
      ...[...document.querySelectorAll(".room .presence.here")].filter((e) => e.clientHeight > 1.9 * parseFloat(getComputedStyle(e).fontSize)),
      ...[...document.querySelectorAll(".updates a:first-child")].filter((e) => e.clientWidth < 120),
    ].map((e) => e.textContent));
    found.squeezed.push(...squeezed.map((text) => `${name}: ${text}`));
    await page.screenshot({ path: join(folder, `${name}.png`) });
    found.pages += 1;
  }

  /** A picture of the book, where they are made anew. */
  async function picture(page, name) {
    if (!pictures) return;
    mkdirSync(pictures, { recursive: true });
    const session = await page.context().newCDPSession(page);
    const { data } = await session.send("Page.captureScreenshot", { format: "webp", quality: QUALITY });
    await session.detach();
    writeFileSync(join(pictures, `${name}.webp`), Buffer.from(data, "base64"));
  }

  return { browser, found, open, check, picture };
}
