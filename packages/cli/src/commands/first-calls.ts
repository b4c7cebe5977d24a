import type { Row } from "../envelope/envelope.ts";
import { toRows } from "../envelope/from-rows.ts";
import type { Reader } from "../ports.ts";

/**
 * Verdicts on releases, each with the start of the first call of its release that is stored: the verdict has
 * looked at the window and its baseline alone, and a release may have come between the two.
 */
export async function withFirstCalls(
  reader: Reader,
  verdicts: readonly Row[],
): Promise<readonly Row[]> {
  if (verdicts.length === 0) return verdicts;
  const variables = Object.fromEntries(
    verdicts.map(({ release }, index) => [`release_${index}`, String(release)]),
  );
  const names = Object.keys(variables).map((name) => `getvariable('${name}')`);
  const firsts = toRows(
    await reader.readRows(
      `
select service, release, min(started_at) as first_seen
from cost_records
where release in (${names.join(", ")})
group by service, release`,
      variables,
    ),
  );
  return verdicts.map((verdict) => {
    const first = firsts.find(
      ({ service, release }) =>
        (service ?? null) === (verdict["service"] ?? null) && release === verdict["release"],
    );
    return { ...verdict, first_seen: first?.["first_seen"] ?? verdict["first_seen"] ?? null };
  });
}
