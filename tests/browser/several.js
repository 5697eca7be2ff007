// The editor with two files that change together.
import { SIZES } from "./browser.js";

/** Gives what was found. */
export async function severalFiles({ open, check, storage }) {
  const found = {};
  // Two files that change together: neither is a good home without the other, and one word keeps both.
  const both = await open({ viewport: SIZES.phone, storageState: storage });
  await both.page.goto("/config");
  await both.page.getByLabel("A new file").fill("cellar");
  await both.page.getByRole("button", { name: "Begin" }).click();
  const cellar = both.page.getByRole("textbox", { name: "cellar.toml" });
  await cellar.fill("[zone.below]\nrooms = [\"cellar\"]\n");
  await both.page.getByText("1 error").waitFor();
  await both.page.getByRole("link", { name: "Back" }).click();
  await both.page.getByRole("link", { name: "Edit home.toml" }).click();
  const homeFile = both.page.getByRole("textbox", { name: "home.toml" });
  await homeFile.waitFor();
  const single = await homeFile.inputValue();
  await homeFile.fill(`${single}\n[room.cellar]\n`);
  await both.page.getByText("Changed with it: cellar.toml").waitFor();
  await both.page.getByText("a good home").waitFor();
  await both.page.getByRole("button", { name: "See what changes" }).click();
  const seen = both.page.getByRole("form", { name: "What changes" });
  Object.assign(found, { files: await seen.locator("h2").allInnerTexts() });
  await check(both.page, "editor-several-phone");
  await seen.getByRole("button", { name: "Apply" }).click();
  const waiting = both.page.getByRole("region", { name: "Waits to be confirmed" });
  await waiting.getByText("home.toml, cellar.toml").waitFor();
  await check(both.page, "editor-several-waits-phone");
  await waiting.getByRole("button", { name: "Take it back" }).click();
  await waiting.waitFor({ state: "detached" });
  await both.page.waitForFunction((was) => document.querySelector(".code-box textarea")?.value === was, single);
  await both.page.goto("/config");
  found.back = !(await both.page.getByRole("list").first().innerText()).includes("cellar.toml");
  await both.context.close();
  return found;
}
