// Every form with what nobody should type: the page goes on, says in words what is wrong, and runs nothing of it.
import { SIZES } from "./browser.js";

const BAD = ["<img src=x onerror=window.pwned=3>", "../../../etc/passwd", "x".repeat(100_000), "\u202e\u0007 [room.x]\n", "-1", "🏚".repeat(60), "${{7*7}}", " "];
const PAGES = ["/people", "/find", "/journal", "/config", "/adopt"];
/** What a program says that was written for nobody. */
const NONSENSE = /undefined|\[object|NaN|null,|TypeError|SyntaxError/;

/** Gives how many were tried, and what went wrong. */
export async function badForms({ open, storage }) {
  const found = { tried: 0, wrong: [] };
  const { context, page } = await open({ viewport: SIZES.phone, storageState: storage });
  const look = async (what) => {
    found.tried += 1;
    const [head, said, ran] = await page.evaluate(() => [document.querySelector("h1, h2")?.textContent, document.body.innerText, window.pwned ?? null]);
    if (!head || NONSENSE.test(said) || ran !== null) found.wrong.push(`${what}: ${head} ${NONSENSE.exec(said)?.[0] ?? ""} ${ran}`);
  };
  for (const path of PAGES) {
    await page.goto(path);
    await page.locator("h1").waitFor();
    await page.waitForTimeout(400);
    const forms = await page.locator("main form").count();
    for (let n = 0; n < forms; n += 1) {
      for (const [at, text] of BAD.entries()) {
        await page.goto(path);
        await page.locator("h1").waitFor();
        const form = page.locator("main form").nth(n);
        if (!(await form.waitFor({ state: "attached", timeout: 3000 }).then(() => true, () => false))) continue;
        // As a program would: past what the fields allow.
        await form.evaluate((form, text) => {
          form.noValidate = true;
          for (const field of form.querySelectorAll("input:not([type=checkbox]), textarea")) {
            Object.getOwnPropertyDescriptor(Object.getPrototypeOf(field), "value").set.call(field, text);
            field.dispatchEvent(new Event("input", { bubbles: true }));
          }
          form.querySelectorAll("input[type=checkbox]").forEach((box) => (box.checked = true));
          form.requestSubmit();
        }, text);
        await page.waitForTimeout(250);
        await look(`${path} ${n} ${at}`);
      }
    }
  }
  await page.goto("/");
  await page.locator(".room").first().waitFor();
  await page.getByRole("button", { name: "Say" }).click();
  const box = page.getByRole("dialog");
  for (const text of BAD.filter((b) => b.trim())) {
    await box.getByRole("textbox").fill(text);
    await page.keyboard.press("Enter");
    await box.locator(".theirs:not([aria-busy])").last().waitFor();
    await page.waitForTimeout(100);
    await look(`say ${text.slice(0, 12)}`);
  }
  // Addresses of things that are not, and of no thing at all.
  await page.keyboard.press("Escape");
  for (const path of ["/room/%E0%A4%A", "/room/%00", "/room/nowhere", "/device/%F0%9F%8F%9A", "/device/x.y.z", "/why/%3Cscript%3E", "/why/ffffffffffffffff", "/person/nobody", "/find?filter=%22%22%22", "/config?file=..%2F..%2Fx", "/journal?about=%25", "/adopt?room=%2F"]) {
    await page.goto(path);
    await page.locator("h1, h2").first().waitFor();
    await page.waitForTimeout(300);
    await look(path);
  }
  await context.close();
  return found;
}
