// What is said, in the language of whoever looks. The tables are one file for each language, with the same keys in each.
export { asked, language, languages, begin, choose, chosen, known, locale, t, word } from "./language";
export { T } from "./rich";
export { ago, bytes, clock, coming, dates, day, lasting, left, length, number, propertyName, reference, say, within } from "./format";
export type { Key } from "./language";
