export type { BridgeStep, Chart, LoopPoint, Marker, TimelinePoint } from "./charts/chart.ts";
export { svgFile } from "./charts/picture.ts";
export type { Block, Document, Figure, Section, Table, Text, Words } from "./document/document.ts";
export { plainText } from "./document/document.ts";
export { documentSecurityPolicy, htmlPage } from "./document/html-page.ts";
export { verdictWords } from "./verdict-words.ts";
