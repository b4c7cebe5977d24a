import { type ComponentChildren, Fragment, h } from "preact";
import { renderToStaticMarkup } from "preact-render-to-string";
import { Picture } from "../charts/picture.ts";
import {
  type Block,
  type Document,
  plainText,
  type Section,
  type Table,
  type Text,
} from "./document.ts";
import { pageStyle } from "./page-style.ts";

/** What a page of a report may load: nothing. Its style stands in it, and it has no script. */
export const documentSecurityPolicy = "default-src 'none'; style-src 'unsafe-inline'";

/** A document as one HTML file that needs nothing else. All text is escaped. */
export function htmlPage(document: Document): string {
  const page = h(
    "html",
    { lang: "en" },
    h(
      "head",
      null,
      h("meta", { charset: "utf-8" }),
      h("meta", { "http-equiv": "Content-Security-Policy", content: documentSecurityPolicy }),
      h("meta", { name: "viewport", content: "width=device-width, initial-scale=1" }),
      h("meta", { name: "color-scheme", content: "light dark" }),
      h("meta", { name: "generator", content: "spancost" }),
      h("title", null, plainText(document.title)),
      h("style", { dangerouslySetInnerHTML: { __html: pageStyle } }),
    ),
    h(
      "body",
      null,
      h(
        "main",
        null,
        h(
          "header",
          null,
          h("h1", null, inline(document.title)),
          h("p", { class: "subtitle" }, inline(document.subtitle)),
        ),
        document.sections.map((section) => h(SectionView, { section })),
        h("footer", null, inline(document.footer)),
      ),
    ),
  );
  return `<!doctype html>\n${renderToStaticMarkup(page)}\n`;
}

/** A section under its title. */
export function SectionView({ section }: { readonly section: Section }): ComponentChildren {
  return h(
    "section",
    { id: section.id, "aria-labelledby": `${section.id}-title` },
    h("h2", { id: `${section.id}-title` }, section.title),
    section.blocks.map((block) => h(BlockView, { block })),
  );
}

/** Any block. */
export function BlockView({ block }: { readonly block: Block }): ComponentChildren {
  switch (block.kind) {
    case "text":
      return h("p", null, inline(block.text));
    case "heading":
      return h("h3", null, inline(block.text));
    case "figures":
      return h(
        "dl",
        { class: "figures" },
        block.figures.map(({ label, value, note }) =>
          h(
            "div",
            null,
            h("dt", null, label),
            h("dd", { class: "value" }, value),
            h("dd", { class: "note" }, note),
          ),
        ),
      );
    case "list":
      return h(
        "ul",
        null,
        block.items.map((item) => h("li", null, inline(item))),
      );
    case "table":
      return h(TableView, { table: block.table });
    case "chart":
      return h(
        "figure",
        null,
        // A narrow screen has a drawing of its own, whose letters are as large as the text's.
        h("div", { class: "wide" }, h(Picture, { chart: block.chart, width: 860 })),
        h("div", { class: "narrow" }, h(Picture, { chart: block.chart, width: 380 })),
        h(
          "details",
          null,
          h("summary", null, "The numbers of this chart"),
          h(TableView, { table: block.table }),
        ),
      );
    case "commands":
      return h("pre", { tabIndex: 0 }, h("code", null, block.lines.join("\n")));
    case "blank":
      return h("p", { class: "blank" }, `To be filled in: ${block.what}`);
    default:
      throw new TypeError(block satisfies never);
  }
}

function TableView({ table }: { readonly table: Table }): ComponentChildren {
  const look = (index: number) => (table.columns[index]?.side === "right" ? "right" : undefined);
  return h(
    "div",
    { class: "scroll" },
    h(
      "table",
      null,
      h(
        "thead",
        null,
        h(
          "tr",
          null,
          table.columns.map(({ title }, index) =>
            h("th", { scope: "col", class: look(index) }, title),
          ),
        ),
      ),
      h(
        "tbody",
        null,
        table.rows.map(({ cells, isTotal }) =>
          h(
            "tr",
            { class: isTotal ? "sum" : undefined },
            cells.map((cell, index) => h("td", { class: look(index) }, inline(cell))),
          ),
        ),
      ),
    ),
  );
}

function inline(text: Text): ComponentChildren {
  return h(
    Fragment,
    null,
    text.map((words) => {
      if (typeof words === "string") return words;
      return "strong" in words ? h("strong", null, words.strong) : h("code", null, words.code);
    }),
  );
}
