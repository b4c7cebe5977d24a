import type { Cell } from "./cells.ts";
import { type ModuleKind, type Scenario, scenarios } from "./scenarios.ts";
import { type Setup, setups } from "./setups.ts";

/** One scenario, in one kind of modules, started in one way. */
export interface Run {
  readonly name: string;
  readonly scenario: Scenario;
  readonly kind: ModuleKind;
  readonly setup: Setup;
}

/** All that can be run in `cell`. */
export function runsIn(cell: Cell): readonly Run[] {
  return scenarios
    .filter(({ needs }) => needs === undefined || needs in cell.packages)
    .flatMap((scenario) =>
      scenario.kinds.flatMap((kind) =>
        setups
          .filter((setup) => setup.flags(cell, scenario, kind) !== undefined)
          .map((setup) => ({
            name: `${scenario.name} (${kind}, ${setup.name})`,
            scenario,
            kind,
            setup,
          })),
      ),
    );
}
