import { defineConfig, type Plugin } from "vite";
import { chartStyle } from "../src/charts/chart-style.ts";

/** The style that the charts share with reports, as a style sheet: the page has no style in its HTML. */
const chartStyleSheet: Plugin = {
  name: "chart-style-sheet",
  resolveId: (id) => (id === "./chart-style.css" ? "\0chart-style.css" : undefined),
  load: (id) => (id === "\0chart-style.css" ? chartStyle : undefined),
};

/** The page as static files: nothing of it is loaded from elsewhere, and no script or style stands in its HTML. */
export default defineConfig({
  root: import.meta.dirname,
  base: "/",
  plugins: [chartStyleSheet],
  resolve: { conditions: ["spancost-source", "module", "browser", "production", "default"] },
  build: {
    outDir: "../dist/page",
    emptyOutDir: true,
    target: "es2022",
    modulePreload: { polyfill: false },
    reportCompressedSize: false,
    assetsInlineLimit: 0,
  },
});
