import { type ComponentChildren, h } from "preact";
import { renderToStaticMarkup } from "preact-render-to-string";
import { BridgeChartPicture } from "./bridge-chart.ts";
import type { Chart } from "./chart.ts";
import type { Width } from "./frame.ts";
import { LoopsPicture } from "./loops-chart.ts";
import { TimelinePicture } from "./timeline-chart.ts";

/** Any chart, drawn for a width. */
export function Picture({ chart, width, alone = false }: PictureProps): ComponentChildren {
  switch (chart.kind) {
    case "bridge":
      return h(BridgeChartPicture, { ...chart, width, alone });
    case "timeline":
      return h(TimelinePicture, { ...chart, width, alone });
    case "loops":
      return h(LoopsPicture, { ...chart, width, alone });
    default:
      throw new TypeError(chart satisfies never);
  }
}

export interface PictureProps {
  readonly chart: Chart;
  readonly width: Width;
  readonly alone?: boolean;
}

/** A chart as the text of an SVG file, with its own colours for light and dark. */
export function svgFile(chart: Chart): string {
  const svg = renderToStaticMarkup(h(Picture, { chart, width: 860, alone: true }));
  return `<?xml version="1.0" encoding="UTF-8"?>\n${svg}\n`;
}
