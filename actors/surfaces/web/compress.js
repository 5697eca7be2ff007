// Compresses what was built, once, as far as it goes: the household's small machine need not do it for every client.
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { brotliCompressSync, constants } from "node:zlib";

let plain = 0;
let wire = 0;
for (const entry of readdirSync("dist", { recursive: true, withFileTypes: true })) {
  const file = join(entry.parentPath, entry.name);
  if (!entry.isFile() || !/\.(html|js|css|svg|webmanifest)$/.test(file)) continue;
  const bytes = readFileSync(file);
  const small = brotliCompressSync(bytes, { params: { [constants.BROTLI_PARAM_QUALITY]: 11 } });
  writeFileSync(`${file}.br`, small);
  plain += bytes.length;
  wire += small.length;
}
console.log(`dashboard: ${plain} bytes, ${wire} over the wire`);
