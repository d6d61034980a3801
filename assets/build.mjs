// Builds what the browser gets, from the installed packages and the sources beside this file, into build/static.
// Third-party code is installed and copied here at build time: never kept in the repository.
import { copyFileSync, mkdirSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { dirname, join } from "node:path";
import { build } from "esbuild-wasm";
import { compile } from "sass";

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const out = join(root, "build", "static");
const styles = ["site"];
const own = ["api.js", "icon.svg", "site.js"];
const copies = {
  "htmx.min.js": "htmx.org/dist/htmx.min.js",
  "world.json": "world-atlas/countries-110m.json",
};

mkdirSync(out, { recursive: true });
for (const name of styles) {
  const { css } = compile(join(root, "assets", `${name}.scss`), {
    loadPaths: [join(root, "node_modules")],
    style: "compressed",
    quietDeps: true,
    // Bootstrap 5 is written with @import; Bootstrap 6 will not be.
    silenceDeprecations: ["import"],
  });
  writeFileSync(join(out, `${name}.css`), css);
}
for (const name of own) {
  copyFileSync(join(root, "assets", name), join(out, name));
}
for (const [name, source] of Object.entries(copies)) {
  copyFileSync(join(root, "node_modules", source), join(out, name));
}
// Charts are bundled with the few parts of ECharts they use: a third of the whole.
await build({
  entryPoints: [join(root, "assets", "charts.js")],
  outfile: join(out, "charts.js"),
  bundle: true,
  minify: true,
  format: "esm",
  target: "es2020",
  legalComments: "eof",
});
