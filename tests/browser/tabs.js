// Many tabs of one browser, one that sleeps, and a stream that died without a word.
import { SIZES } from "./browser.js";

/** Whether the hall's lamp comes to say so, and no wish hangs on it. */
export function lampIs(page, on, timeout = 10000) {
  return page.waitForFunction((wanted) => {
    const lamp = [...document.querySelectorAll(".room .lamp")].find((l) => l.getAttribute("aria-label")?.startsWith("Hall:"));
    return lamp?.getAttribute("aria-checked") === wanted && lamp?.getAttribute("aria-busy") !== "true";
  }, String(on), { timeout }).then(() => true, () => false);
}

/** `first`: a page that shows the rooms, logged in; `tap`: its switch of the hall's lamp. Gives what was found. */
export async function manyTabs({ open, storage, first, tap }) {
  const found = {};
  // Ten tabs of one browser: all of them live, though a browser opens six connections at most; one of them listens. When it goes,
  // another one does.
  const many = await first.context.newPage();
  const tabs = [first.page, many];
  for (let n = 0; n < 8; n += 1) tabs.push(await first.context.newPage());
  const streams = async () => Number(/^lares_web_streams (\d+)/m.exec(await (await first.context.request.get("/metrics")).text())?.[1]);
  for (const tab of tabs.slice(1)) {
    await tab.goto("/");
    await tab.locator(".room .lamp").first().waitFor();
  }
  const toggled = async () => {
    const on = (await tap.getAttribute("aria-checked")) !== "true";
    await tap.click();
    return (await Promise.all(tabs.filter((t) => !t.isClosed()).map((t) => lampIs(t, on)))).filter(Boolean).length;
  };
  Object.assign(found, { live: await toggled(), streams: await streams() });
  for (const tab of tabs.slice(1, 6)) await tab.close();
  found.fewer = await toggled();

  // A phone that sleeps: nothing of it runs for a while. When it wakes, it shows what is so now, and not what was.
  const sleeper = tabs[9];
  const asleep = await first.context.newCDPSession(sleeper);
  await asleep.send("Page.setWebLifecycleState", { state: "frozen" });
  const was = await tap.getAttribute("aria-checked");
  await tap.click();
  await lampIs(first.page, was !== "true");
  await asleep.send("Page.setWebLifecycleState", { state: "active" });
  found.woken = await lampIs(sleeper, was !== "true");
  for (const tab of tabs.slice(6)) await tab.close();
  // What is silent for longer than the household ever is, is dead: it is listened to anew.
  const quiet = await open({ viewport: SIZES.phone, storageState: storage });
  await quiet.page.clock.install();
  let asked = 0;
  quiet.page.on("request", (r) => (asked += r.url().endsWith("/api/v1/live") ? 1 : 0));
  await quiet.page.goto("/");
  await quiet.page.locator(".room .lamp").first().waitFor();
  await quiet.page.clock.runFor(1000);
  const until = async (there) => { for (let n = 0; n < 50 && !there(); n += 1) await quiet.page.waitForTimeout(100); };
  await until(() => asked > 0);
  const begun = asked;
  await quiet.page.clock.runFor(60000);
  await until(() => asked > begun);
  found.again = begun === 1 && asked > begun;
  await quiet.context.close();
  return found;
}
