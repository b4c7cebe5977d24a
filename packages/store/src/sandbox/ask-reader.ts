import type { Variables } from "../query.ts";
import type { Rows } from "../rows.ts";
import { checkPeoplesSql, serializeSql } from "./gate.ts";

/** What runs one SELECT in this process. */
interface Reader {
  readRows(sql: string, variables?: Variables): Promise<Rows>;
}

/**
 * Runs SQL of the person whose own process this is: what a receiver would refuse is refused here too, so that the
 * same SQL is answered by both; what it takes is theirs to say.
 *
 * @throws NotAQueryError, RefusedSqlError, SqlError
 */
export async function askReader(reader: Reader, sql: string, variables: Variables): Promise<Rows> {
  await checkPeoplesSql(sql, async (text) => {
    const parse = `select ${serializeSql.replace("$sql", "getvariable('sql')")} as tree`;
    const { rows } = await reader.readRows(parse, { sql: text });
    return String(rows[0]?.["tree"]);
  });
  return reader.readRows(sql, variables);
}
