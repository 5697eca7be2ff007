// Looks whether all that the dashboard says is in the tables of its languages: node words.js [FOLDER OF SOURCES]. Names what is
// not, and ends with 1. A build does it first, and a test tries it.
import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { parseAst } from "rolldown/parseAst";

const folder = process.argv[2] ?? "src";
const wrong = [];

// ---- the tables: the same keys, the same parts, nothing empty
const tables = Object.fromEntries(readdirSync(join(folder, "words")).filter((f) => f.endsWith(".json"))
  .map((f) => [f.replace(".json", ""), JSON.parse(readFileSync(join(folder, "words", f), "utf8"))]));
const first = tables.en;
const parts = (text) => [...text.matchAll(/\{\w+\}/g)].map((m) => m[0]).sort().join(" ");
for (const [language, table] of Object.entries(tables)) {
  for (const key of Object.keys(first)) {
    if (typeof table[key] !== "string" || table[key].trim() === "") wrong.push(`${language}.json: ${key} is missing`);
    else if (parts(table[key]) !== parts(first[key])) wrong.push(`${language}.json: ${key} has other parts than in English`);
  }
  for (const key of Object.keys(table)) if (!(key in first)) wrong.push(`${language}.json: ${key} is not in en.json`);
}

// ---- the sources: no word is written there
const LETTERS = /\p{L}{2}/u;
/** Attributes that people read or hear. */
const READ = ["aria-label", "aria-valuetext", "aria-description", "title", "placeholder", "alt", "label"];
/** What is called with words for people. */
const TOLD = ["toast", "Error", "Problem", "setError", "setRefused"];
/** Elsewhere a text with a blank between words, or like a sentence, is for people; these are not. */
const SENTENCE = /\p{L}[,:.]? \p{L}|^\p{Lu}\p{Ll}/u;
const NAMES = ["the household", "kind:task status:open due<7d", "component:light on:yes", "lights.toml", "XXXXX-XXXXX", "anna", ".log li:not(.day)", "Lares", "English", "Deutsch", "Edge", "Opera", "Mac OS X", "Mac", "Escape", "Accept-Language", "Content-Type", "Idempotency-Key", "If-Match", "If-None-Match", "Link", "Link ", "BroadcastChannel"];
const NOT_READ = /^(class|href|d|viewBox|list|pattern|type|id|key|src|rel|role|style|points|fill|transform|autocomplete|enterkeyhint)$/;
const used = new Set();
const begun = new Set();

function texts(node) {
  if (!node) return [];
  switch (node.type) {
    case "Literal": return typeof node.value === "string" ? [node.value] : [];
    case "TemplateLiteral": return [...node.quasis.map((q) => q.value.cooked), ...node.expressions.flatMap(texts)];
    case "ConditionalExpression": return [node.consequent, node.alternate].flatMap(texts);
    case "LogicalExpression": return [node.left, node.right].flatMap(texts);
    case "BinaryExpression": return node.operator === "+" ? [node.left, node.right].flatMap(texts) : [];
    case "ArrayExpression": return node.elements.flatMap(texts);
    case "ParenthesizedExpression": case "TSNonNullExpression": case "TSAsExpression": return texts(node.expression);
    // `[a, "b"].filter(Boolean).join(" ")`
    case "CallExpression": return node.callee.type === "MemberExpression" ? texts(node.callee.object) : [];
    default: return [];
  }
}

/** The last words of what a key of a table may be. */
function keys(node) {
  if (node?.type === "ConditionalExpression") return [node.consequent, node.alternate].forEach(keys);
  if (node?.type === "Literal") used.add(node.value);
  if (node?.type === "TemplateLiteral") begun.add(node.quasis[0].value.cooked);
}

function walk(node, file, source, context) {
  if (!node || typeof node.type !== "string") return;
  const blame = (text, what) => {
    if (NAMES.includes(text.trim())) return;
    wrong.push(`${file}:${source.slice(0, node.start).split("\n").length}: ${what}: ${JSON.stringify(text.trim())}`);
  };
  const shown = (nodes, what) => nodes.flatMap(texts).filter((text) => LETTERS.test(text) && !/^\{\w+\}$/.test(text)).forEach((text) => blame(text, what));
  let next = context;
  switch (node.type) {
    case "JSXText": if (LETTERS.test(node.value)) blame(node.value, "words on the page"); return;
    case "JSXAttribute": {
      const name = node.name.name;
      if (READ.includes(name)) shown([node.value?.type === "JSXExpressionContainer" ? node.value.expression : node.value], name);
      if (name === "of" && node.value?.type === "Literal") used.add(node.value.value);
      if (NOT_READ.test(name)) next = { ...context, quiet: true };
      if (READ.includes(name) && node.value?.type === "Literal") return;
      break;
    }
    case "JSXExpressionContainer": if (context.parent === "JSXElement" || context.parent === "JSXFragment") shown([node.expression], "words on the page"); break;
    case "CallExpression": case "NewExpression": {
      const name = node.callee.name ?? node.callee.property?.name;
      if (name === "t") keys(node.arguments[0]);
      if (name === "word" || name === "known") begun.add(`${node.arguments[0].value}.`);
      if (TOLD.includes(name)) shown(node.arguments, `said by ${name}`);
      break;
    }
    case "ImportDeclaration": case "TSLiteralType": case "TSPropertySignature": return;
    case "Literal": case "TemplateLiteral": {
      const all = node.type === "Literal" ? [node.value] : node.quasis.map((q) => q.value.cooked);
      for (const text of all) {
        if (typeof text !== "string") continue;
        if (text in first) used.add(text);
        else if (!context.quiet && SENTENCE.test(text)) blame(text, "words in the code");
      }
    }
  }
  for (const value of Object.values(node)) {
    for (const child of Array.isArray(value) ? value : [value]) walk(child, file, source, { ...next, parent: node.type });
  }
}

for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true })) {
  const file = join(entry.parentPath, entry.name);
  if (!entry.isFile() || !/\.tsx?$/.test(file) || file.endsWith(".d.ts")) continue;
  const source = readFileSync(file, "utf8");
  walk(parseAst(source, { lang: file.endsWith("x") ? "tsx" : "ts" }, file), file, source, {});
}
for (const key of Object.keys(first)) {
  const plain = key.replace(/\.(zero|one|two|few|many|other)$/, "");
  if (!used.has(key) && !used.has(plain) && ![...begun].some((b) => b.length > 2 && key.startsWith(b))) wrong.push(`en.json: nothing says ${key}`);
}
for (const key of used) if (typeof key === "string" && !(key in first)) wrong.push(`en.json: ${key} is said and is not there`);

wrong.sort().forEach((w) => console.log(w));
if (wrong.length === 0) console.log(`${Object.keys(first).length} texts in ${Object.keys(tables).join(", ")}`);
process.exit(wrong.length === 0 ? 0 : 1);
