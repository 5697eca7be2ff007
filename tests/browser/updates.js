// A device that can be had newer: shown on House, installed by two taps, and shown as installed when it says so itself.
import { SIZES } from "./browser.js";

export async function updating({ open, check, storage }) {
  const { context, page } = await open({ viewport: SIZES.phone, storageState: storage });
  await page.goto("/house");
  const versions = page.getByRole("region", { name: "Versions" });
  const row = versions.getByRole("listitem").filter({ hasText: "porch" });
  await row.waitFor();
  await row.getByText("1.1 can be had").waitFor();
  await check(page, "updates-phone");
  const found = { own: await versions.getByRole("listitem").first().locator("strong").innerText(), has: await row.locator("strong").innerText() };
  const install = row.getByRole("button", { name: "firmware: install 1.1" });
  await install.click();
  found.asked = await install.innerText();
  await install.click();
  found.told = await page.locator(".toast").getByText("was told").waitFor({ timeout: 8000 }).then(() => true, () => false);
  found.done = await row.getByText("is the latest").waitFor({ timeout: 8000 }).then(() => true, () => false);
  found.now = await row.locator("strong").innerText();
  await context.close();
  return found;
}
