import type { Dimension } from "../dimensions.ts";
import { measureCount, measureOf } from "../ledger/contributions.ts";
import { byValue, type Candidate, openRows } from "./candidates.ts";
import { allOfChange } from "./innocent-rest.ts";
import { byScore, type Glass, type Scored, scoresOf } from "./scoring.ts";
import type { SpendTable } from "./spend-table.ts";

const mix = measureOf("mix");

/** Features that were moved to other models are told one by one; of more than so many, it is what they have in common. */
const mostMoves = 3;

/** What moves calls by itself, of whatever feature, and what is no more than a feature. */
const movers: ReadonlySet<Dimension> = new Set(["feature", "release", "prompt_version"]);

/**
 * The feature that is told in place of a model to which calls moved, or of a team whose calls moved, where two or three
 * features were moved: each for itself, as they may be moved back.
 *
 * Which of them are told already counts too: a model of which an earlier finding has a feature is not told as if it had all.
 *
 * @param isTold of the calls of one feature, whether they would be told by themselves
 */
export function featureOfMove(
  table: SpendTable,
  one: Scored,
  glass: Glass,
  isTold: (part: Scored) => boolean,
): Scored {
  const { conditions } = one.candidate;
  const feature = table.columns.find(({ name }) => name === "feature");
  if (one.measure !== mix || feature === undefined || conditions.length === 0) return one;
  if (conditions.some(({ column: { name } }) => movers.has(name))) return one;
  const byMix = (part: Candidate) => scoresOf(part, glass).filter(({ measure }) => measure === mix);
  const rows = openRows({ ...table, claimed: new Uint8Array(table.rows) }, conditions);
  const moved = byValue(table, rows, conditions, feature).flatMap(byMix).filter(isTold);
  if (moved.length < 2 || moved.length > mostMoves) return one;
  const mixOf = (row: number) => table.measures[row * table.turns * measureCount + mix] ?? 0;
  const ofAll = rows.reduce((sum, row) => sum + mixOf(row), 0);
  const ofMoved = moved.reduce((sum, { change }) => sum + change, 0);
  if (ofMoved / ofAll < allOfChange) return one;
  const open = byValue(table, openRows(table, conditions), conditions, feature);
  const [best = one] = open.flatMap(byMix).sort(byScore);
  return best;
}
