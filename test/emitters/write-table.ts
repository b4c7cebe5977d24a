// Writes the table of docs/emitters.md anew: npm run docs:emitters
import { readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { hasTraces, recordsOf, truths } from "./captures.ts";
import { emittersTable } from "./emitters-table.ts";

const page = fileURLToPath(new URL("../../docs/emitters.md", import.meta.url));
const found = await recordsOf(Object.keys(truths).filter(hasTraces));
const [head = "", rest = ""] = readFileSync(page, "utf8").split(/(?<=<!-- table -->\n)/);
const tail = rest.slice(rest.indexOf("<!-- end of table -->"));
writeFileSync(page, `${head}\n${emittersTable(found)}\n\n${tail}`);
