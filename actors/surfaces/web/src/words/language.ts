// Which language is spoken, and the words of it. English is built in; another one comes beside the first questions to the household.
import en from "./en.json";

export type Key = keyof typeof en;
type Table = Record<string, string>;

const OTHERS: Record<string, () => Promise<{ default: Table }>> = {
  de: () => import("./de.json"),
};
/** As each calls itself. */
const NAMES: Record<string, string> = { en: "English", de: "Deutsch" };
const KEPT = "lares-language";

let table: Table = en;
let spoken = "en";
let plurals = new Intl.PluralRules("en");

export const language = (): string => spoken;
export const languages = (): [string, string][] => Object.entries(NAMES);

/** For dates and numbers: the browser's own kind of the language, if it is one. */
export const locale = (): string => navigator.languages.find((l) => main(l) === spoken) ?? spoken;

const main = (tag: string): string => tag.split("-")[0]!.toLowerCase();

/** What somebody chose on this device; nothing: what the browser says. */
export function chosen(): string | null {
  try {
    return localStorage.getItem(KEPT);
  } catch {
    return null;
  }
}

/** By what was chosen here, what the browser wants, and what the household speaks (as far as it is known), in this order. */
function wanted(household?: string): string {
  return [chosen(), ...navigator.languages, household].map((l) => l && main(l)).find((l) => l && l in NAMES) || "en";
}

/** What the household is asked with, so that its own words are in the same language. Nothing where the browser asks for it anyway: an
 * answer that is on its way already is only taken for a question that is the same. */
export const asked = (): Record<string, string> =>
  navigator.languages.map(main).find((l) => l in NAMES) === spoken ? {} : { "Accept-Language": spoken };

/** Speaks the language that is wanted; true: another one than before. What cannot be had is English. */
export async function begin(household?: string): Promise<boolean> {
  const [before, next] = [spoken, wanted(household)];
  const load = OTHERS[next];
  try {
    table = load ? { ...en, ...(await load()).default } : en;
    spoken = next;
  } catch {
    [table, spoken] = [en, "en"];
  }
  plurals = new Intl.PluralRules(spoken);
  document.documentElement.lang = spoken;
  return spoken !== before;
}

/** Remembers it on this device; nothing: as the browser says. */
export async function choose(next: string | null, household?: string): Promise<void> {
  try {
    if (next) localStorage.setItem(KEPT, next);
    else localStorage.removeItem(KEPT);
  } catch {
    // A browser that keeps nothing speaks as it is told, until it is opened anew.
  }
  await begin(household);
}

/** `lightsOn.one` for one, `lightsOn` else; `{n}` and the like are put in. */
export function t(key: Key, values: Record<string, string | number> = {}): string {
  const counted = typeof values.n === "number" ? table[`${key}.${plurals.select(values.n)}`] : undefined;
  return (counted ?? table[key] ?? key).replace(/\{(\w+)\}/g, (all, name: string) => String(values[name] ?? all));
}

/** A word of one of the household's closed lists (`status.online`), if it is in the table. */
export const known = (list: string, name: string): string | undefined => table[`${list}.${name}`];
/** One that has no translation stands as it came. */
export const word = (list: string, name: string): string => known(list, name) ?? name.replaceAll("_", " ");
