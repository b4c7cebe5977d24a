import { describe, expect, test } from "vitest";
import type { Chart } from "../charts/chart.ts";
import { svgFile } from "../charts/picture.ts";
import type { Block, Document } from "./document.ts";
import { htmlPage } from "./html-page.ts";

const evil = `<script>alert(1)</script>"'&<img src=x onerror=alert(1)>]]>`;

const hour = 3_600_000;
const start = Date.UTC(2026, 10, 19, 22);

const charts: readonly Chart[] = [
  {
    kind: "bridge",
    sentence: `From $1 to $3. ${evil}`,
    steps: [
      { label: "Usual cost", kind: "total", amount: 1, text: "$1.00" },
      { label: evil, kind: "change", amount: 2.5, text: "+$2.50" },
      { label: "Cheaper models", kind: "change", amount: -0.5, text: "−$0.50" },
      { label: "This window", kind: "total", amount: 3, text: "$3.00" },
    ],
  },
  {
    kind: "timeline",
    sentence: evil,
    points: [0, 1, 2, 3].map((nth) => ({
      from: start + nth * hour,
      to: start + (nth + 1) * hour,
      dollars: nth,
      usual: nth === 0 ? undefined : { low: 0.5, middle: 1, high: 1.5 },
    })),
    window: { since: start + 2 * hour, until: start + 4 * hour },
    markers: [{ at: start + 2 * hour, label: evil }],
  },
  {
    kind: "loops",
    sentence: evil,
    points: [
      { label: "1", now: 0.1, before: 0.1 },
      { label: evil, now: 0.3, before: undefined },
    ],
  },
];

const table = {
  columns: [
    { title: evil, side: "left" as const },
    { title: "Cost", side: "right" as const },
  ],
  rows: [{ cells: [[{ code: evil }], ["$1.00"]] }],
};

const blocks: readonly Block[] = [
  { kind: "text", text: [evil, { strong: evil }, { code: evil }] },
  { kind: "heading", text: [evil] },
  { kind: "figures", figures: [{ label: evil, value: evil, note: evil }] },
  { kind: "list", items: [[evil]] },
  { kind: "table", table },
  { kind: "commands", lines: [evil] },
  { kind: "blank", what: evil },
  ...charts.map((chart) => ({ kind: "chart", name: chart.kind, chart, table }) as const),
];

const document: Document = {
  title: [evil],
  subtitle: [evil],
  sections: [{ id: "all", title: evil, blocks }],
  footer: [evil],
};

const page = htmlPage(document);

describe("a page", () => {
  test("holds names from traffic as text only, wherever they stand", () => {
    expect(page).not.toContain("<script");
    expect(page).not.toContain("<img");
    expect(page).not.toMatch(/<[^>]*\sonerror/);
    expect(page.split("&lt;script>").length + page.split("&lt;script&gt;").length).toBeGreaterThan(
      12,
    );
  });

  test("loads nothing and says so", () => {
    expect(page).toContain(
      `<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'"`,
    );
    expect(page).not.toMatch(/<[^>]*\s(src|href|action)=|url\(|@import|https?:/);
  });

  test("says of each picture what it shows, and has its numbers below", () => {
    expect(page.match(/role="img"/g)).toHaveLength(2 * charts.length);
    expect(page.match(/<svg[^>]* aria-label="[^"]+"/g)).toHaveLength(2 * charts.length);
    expect(page.match(/<details>/g)).toHaveLength(charts.length);
  });

  test("is the same each time", () => {
    expect(htmlPage(document)).toBe(page);
  });
});

describe.each(charts)("the $kind chart as a file", (chart) => {
  const svg = svgFile(chart);

  test("is one SVG element with its own colours, and nothing that runs or loads", () => {
    expect(svg).toMatch(
      /^<\?xml version="1.0" encoding="UTF-8"\?>\n<svg (?:"[^"]*"|[^">])*xmlns="http:\/\/www.w3.org\/2000\/svg"/,
    );
    expect(svg).toContain("prefers-color-scheme: dark");
    expect(svg).not.toMatch(/<script|<img|<[^>]*\shref=|url\(|NaN|undefined/);
  });

  test("has every tag closed", () => {
    const open: string[] = [];
    for (const [, close, name = "", rest = ""] of svg.matchAll(
      /<(\/?)([a-z]+)((?:"[^"]*"|[^">])*)>/g,
    )) {
      if (close === "/") expect(open.pop()).toBe(name);
      else if (!rest.endsWith("/")) open.push(name);
    }
    expect(open).toEqual([]);
  });
});
