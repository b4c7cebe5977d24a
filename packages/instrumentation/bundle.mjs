// Makes what is published: dist/esm and dist/cjs, each with the code of @spancost/semconv and @spancost/pricing in it, so
// that one package installs and `require` works on a Node that cannot require ES modules. Types are those of tsc.
import { copyFileSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { rolldown } from "rolldown";

const here = dirname(fileURLToPath(import.meta.url));
const entries = ["index", "register", "doctor"];
const formats = [
  { folder: "esm", format: "es", type: "module", register: "register" },
  { folder: "cjs", format: "cjs", type: "commonjs", register: "register-cjs" },
];

for (const { folder, format, type, register } of formats) {
  const out = join(here, "dist", folder);
  rmSync(out, { recursive: true, force: true });
  mkdirSync(out, { recursive: true });

  const bundle = await rolldown({
    cwd: here,
    input: { index: "src/index.ts", register: `src/${register}.ts`, doctor: "src/doctor.ts" },
    platform: "node",
    resolve: { conditionNames: ["spancost-source", "import", "node", "default"] },
    // Everything but spancost's own packages is a dependency of whoever installs this one.
    external: (id) => !id.startsWith(".") && !id.startsWith("/") && !id.startsWith("@spancost/"),
    tsconfig: false,
  });
  await bundle.write({
    dir: out,
    format,
    entryFileNames: "[name].js",
    chunkFileNames: "shared-[hash].js",
    exports: "named",
  });
  await bundle.close();

  writeFileSync(join(out, "package.json"), `${JSON.stringify({ type })}\n`);
  for (const name of declarationsFrom(entries)) {
    const text = readFileSync(join(here, "dist", name), "utf8");
    mkdirSync(dirname(join(out, name)), { recursive: true });
    writeFileSync(join(out, name), declaration(text));
  }
}

// Who installs the package gets the licence with it.
copyFileSync(join(here, "../../LICENSE"), join(here, "LICENSE"));

/** The declaration files that the entries reach. What only tests or internals need is not published. */
function declarationsFrom(names) {
  const found = new Set();
  const visit = (name) => {
    if (found.has(name)) return;
    found.add(name);
    const text = readFileSync(join(here, "dist", name), "utf8");
    for (const [, path] of text.matchAll(/from "(\.[^"]+)\.ts"/g)) {
      visit(`${join(dirname(name), path)}.d.ts`);
    }
  };
  for (const name of names) visit(`${name}.d.ts`);
  return found;
}

/** Paths as every TypeScript resolves them, and no maps to sources that are not published. */
function declaration(text) {
  const other = text.match(/(?:from|import\()\s*"@spancost\/[^"]+"/);
  if (other !== null) throw new Error(`a published type refers to ${other[0]}`);
  return text
    .replaceAll(/(from "\.[^"]+)\.ts"/g, '$1.js"')
    .replace(/\n\/\/# sourceMappingURL=.*/, "");
}
