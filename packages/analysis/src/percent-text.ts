const format = new Intl.NumberFormat("en-US", { style: "percent" });

/** A share as sentences say it: "24 %". */
export function percentText(share: number): string {
  return format.format(share).replace("%", " %");
}
