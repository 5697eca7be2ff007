// What somebody holds, and how it is let go again.
import { SIZES } from "./browser.js";

/** Holds the hall's lamp until it is let go, and lets it go. Whether it stood among what is held, and whether it was gone then. */
export async function letGo({ open, check, storage }) {
  const { context, page } = await open({ viewport: SIZES.phone, storageState: storage });
  await page.goto("/device/hall-lamp");
  await page.getByLabel("What I set stands").selectOption({ label: "until I let it go" });
  await page.getByRole("switch").first().click();
  const button = page.getByRole("button", { name: "Let go" });
  const there = (state) => button.first().waitFor({ state, timeout: 8000 }).then(() => true, () => false);
  const stands = await there("visible");
  await check(page, "held-phone");
  await button.first().click();
  const found = { stands, gone: await there("detached") };
  await context.close();
  return found;
}
