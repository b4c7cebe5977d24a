import { type Document, htmlPage, svgFile } from "@spancost/web";

/** The report as one HTML file. */
export function documentHtml(document: Document): string {
  return htmlPage(document);
}

/** What a report may have pictures of. A report without loops, say, has none of them. */
export const pictureNames = ["timeline", "bridge", "loops"] as const;

export type PictureName = (typeof pictureNames)[number];

/** The pictures of a document as SVG files, by name. */
export function pictureFiles(document: Document): ReadonlyMap<string, string> {
  const charts = document.sections
    .flatMap(({ blocks }) => blocks)
    .flatMap((block) => (block.kind === "chart" ? [block] : []));
  return new Map(charts.map(({ name, chart }) => [name, svgFile(chart)]));
}
