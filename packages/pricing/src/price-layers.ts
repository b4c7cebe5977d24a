/**
 * The layers that a price is found in, as bits, so that those of a call are put together with `|`.
 *
 * The first layer that says something on a cell decides: contract, then overlay, then catalogue. A discount of a
 * contract and a service tier of the overlay are taken off a rate below, and have the bits of both.
 */
export const Layer = { contract: 1, catalogue: 2, overlay: 4 } as const;

/** Bits of `Layer`. */
export type Layers = number;

/** What to call the layers of a card. */
export interface LayerNames {
  /** Such as "contract@1a2b3c4d5e6f". */
  readonly contract: string;
  /** Such as "genai-prices@0.1.8". */
  readonly catalogue: string;
}

/** Source of what the reviewed table beside the catalogue says. */
export const overlaySource = "overlay";

/** "contract@1a2b3c4d5e6f+genai-prices@0.1.8+overlay", with only the layers that are there. */
export function sourceNamed(layers: Layers, names: LayerNames): string {
  let known = madeNames.get(names);
  if (known === undefined) {
    known = [];
    madeNames.set(names, known);
  }
  known[layers] ??= nameOf(layers, names);
  return known[layers];
}

/** By layers: every call has such a name, and there are few. */
const madeNames = new WeakMap<LayerNames, string[]>();

function nameOf(layers: Layers, names: LayerNames): string {
  const sources: string[] = [];
  if ((layers & Layer.contract) !== 0) sources.push(names.contract);
  if ((layers & Layer.catalogue) !== 0) sources.push(names.catalogue);
  if ((layers & Layer.overlay) !== 0) sources.push(overlaySource);
  return sources.join("+");
}
