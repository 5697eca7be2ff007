import { defineConfig } from "vite";

// One page, one script, one style: a phone on a slow wall of a thick house asks three times and is done.
export default defineConfig({
  build: {
    target: "es2022",
    modulePreload: { polyfill: false },
    assetsInlineLimit: 0, // the page's policy allows no inline data but pictures
    sourcemap: false,
  },
  server: { proxy: { "/api": "http://127.0.0.1:8420" } },
});
