import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import {
  BOOLEAN,
  type DuckDBConnection,
  DuckDBMapValue,
  INTEGER,
  MAP,
  VARCHAR,
} from "@duckdb/node-api";
import { writeBooleans, writeIntegers } from "../vectors/numbers.ts";
import { type Column, column, TableWriter } from "../vectors/table-writer.ts";
import { writeTextMaps } from "../vectors/text-maps.ts";
import { vectorOf, wordsOf } from "../vectors/vector.ts";
import { placesOf } from "./places.ts";
import {
  type BeyondCall,
  inheritedFacts,
  type Places,
  type Spans,
  type TaggedSpan,
} from "./spans.ts";

const inputSql = readFileSync(
  fileURLToPath(new URL("../../sql/settle/tree-input.sql", import.meta.url)),
  "utf8",
);

/** Tags of one span and those above it. Chains of spans that add ever more would take the square of their length. */
const mostTags = 128;

type Tags = ReadonlyMap<string, string>;

interface TagsOfSpan {
  readonly span: number;
  readonly tags: Tags;
}

const beyondWriter = new TableWriter<BeyondCall>(
  "settling_beyond",
  [
    column("span", INTEGER, writeIntegers, (pair) => pair.span),
    column("call", INTEGER, writeIntegers, (pair) => pair.call),
  ],
  { temporary: true },
);

const tagsWriter = new TableWriter<TagsOfSpan>(
  "settling_tags",
  [
    column("span", INTEGER, writeIntegers, (row) => row.span),
    column("tags", MAP(VARCHAR, VARCHAR), writeTextMaps, (row) => row.tags),
  ],
  { temporary: true },
);

/** Fills the tables of `04-tree.sql` from those of `03-spans.sql`. */
export async function writeTree(connection: DuckDBConnection): Promise<void> {
  const spans = await readSpans(connection);
  const places = placesOf(spans);
  await treeWriter(places).append(
    connection,
    Array.from({ length: spans.count }, (_, span) => span),
  );
  await beyondWriter.append(connection, places.beyond);
  if (places.tagged.length === 0) return;
  await tagsWriter.append(connection, mergedTags(await readTags(connection), places.tagged));
}

async function readSpans(connection: DuckDBConnection): Promise<Spans> {
  const result = await connection.run(inputSql);
  const chunks = await result.fetchAllChunks();
  const count = chunks.reduce((sum, { rowCount }) => sum + rowCount, 0);
  const numbers = () => new Int32Array(count);
  const columns = {
    trace: numbers(),
    parent: numbers(),
    sibling: numbers(),
    node: numbers(),
    scope: numbers(),
    name: numbers(),
    facts: numbers(),
  };
  for (const chunk of chunks) {
    const { rowCount } = chunk;
    const spans = wordsOf(vectorOf(chunk, 0), rowCount);
    for (const [index, column] of Object.values(columns).entries()) {
      const given = wordsOf(vectorOf(chunk, index + 1), rowCount);
      for (let row = 0; row < rowCount; row++) column[spans[row] as number] = given[row] as number;
    }
  }
  return { count, ...columns };
}

async function readTags(connection: DuckDBConnection): Promise<ReadonlyMap<number, Tags>> {
  const reader = await connection.runAndReadAll(
    "select span, tags from settling_spans where tags is not null",
  );
  return new Map(
    reader
      .getRows()
      .map(([span, tags]) => [
        Number(span),
        new Map(
          tags instanceof DuckDBMapValue
            ? tags.entries.map(({ key, value }) => [String(key), String(value)])
            : [],
        ),
      ]),
  );
}

/** Of spans below others with tags: their own and those above, of which the nearest of a name wins. */
function mergedTags(
  own: ReadonlyMap<number, Tags>,
  tagged: readonly TaggedSpan[],
): readonly TagsOfSpan[] {
  const merged = new Map<number, Tags>();
  for (const { span, above } of tagged) {
    const tags = new Map(own.get(span));
    for (const [name, text] of merged.get(above) ?? own.get(above) ?? []) {
      if (tags.size < mostTags && !tags.has(name)) tags.set(name, text);
    }
    merged.set(span, tags);
  }
  return [...merged].map(([span, tags]) => ({ span, tags }));
}

/** Writes rows of `settling_tree`, told by the numbers of their spans. */
function treeWriter(places: Places): TableWriter<number> {
  const number = (name: string, numbers: Int32Array) =>
    column<number, number>(name, INTEGER, writeIntegers, (span) => numbers[span]);
  const spanOrNull = (name: string, numbers: Int32Array) =>
    column<number, number>(name, INTEGER, writeIntegers, (span) =>
      numbers[span] === -1 ? undefined : numbers[span],
    );
  const flag = (name: string, flags: Uint8Array) =>
    column<number, boolean>(name, BOOLEAN, writeBooleans, (span) => flags[span] === 1);
  const columns: readonly Column<number>[] = [
    column("span", INTEGER, writeIntegers, (span) => span),
    number("depth", places.depth),
    number("top", places.top),
    number("run", places.run),
    number("agents", places.agents),
    spanOrNull("outer_call", places.outerCall),
    spanOrNull("own_outer", places.ownOuter),
    flag("repeats_tool", places.repeatsTool),
    flag("stands_in", places.standsIn),
    ...inheritedFacts.map((fact, index) =>
      spanOrNull(`${fact}_of`, places.givers[index] ?? new Int32Array()),
    ),
  ];
  return new TableWriter("settling_tree", columns, { temporary: true });
}
