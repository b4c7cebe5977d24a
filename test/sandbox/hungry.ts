import type { End } from "./arena.ts";

/** `count` times `text`, with `{n}` in it counted from 0. */
function times(count: number, text: string, between = ""): string {
  return Array.from({ length: count }, (_, n) => text.replaceAll("{n}", String(n))).join(between);
}

const long = "a".repeat(30_000);

/** SQL that would take all the time or memory there is, and how it may end. The gate lets most of it through. */
export const hungry: readonly (readonly [what: string, sql: string, ends: readonly End[]])[] = [
  [
    "counting",
    "select count(*) from range(1000000000000) t(a) where a * a % 25257 = 3",
    ["limited"],
  ],
  [
    "a cross join",
    "select count(*) from range(1000000) a, range(1000000) b where a.range * b.range % 7 = 3",
    ["limited"],
  ],
  [
    "a join of five",
    "select count(*) from cost_records a, cost_records b, cost_records c, cost_records d, cost_records e where a.cost_usd + b.cost_usd + c.cost_usd <> d.cost_usd + e.cost_usd",
    ["limited", "answered"],
  ],
  [
    "recursion without end",
    "with recursive t as (select 1 as n union all select n + 1 from t) select max(n) from t",
    ["limited"],
  ],
  [
    "recursion that keeps all",
    "with recursive t as (select 1 as n union select n + 1 from t) select count(*) from t",
    ["limited"],
  ],
  [
    "recursion that doubles",
    "with recursive t as (select 1 as n union all select n from (from t union all from t)) select count(*) from t",
    ["limited"],
  ],
  [
    "a sort",
    "select a from range(1000000000) t(a) order by hash(a) desc offset 999999000",
    ["limited"],
  ],
  ["distinct values", "select count(distinct hash(a)) from range(1000000000) t(a)", ["limited"]],
  [
    "groups",
    "select hash(a) as h, count(*) from range(1000000000) t(a) group by h order by 2 desc limit 1",
    ["limited"],
  ],
  ["a list of all", "select len(list(a)) from range(1000000000) t(a)", ["limited"]],
  [
    "a text of all",
    "select len(string_agg(a::varchar, ',')) from range(1000000000) t(a)",
    ["limited"],
  ],
  ["a median of all", "select quantile_cont(a, 0.5) from range(1000000000) t(a)", ["limited"]],
  ["a mode of all", "select mode(hash(a)) from range(1000000000) t(a)", ["limited"]],
  [
    "a histogram of all",
    "select len(map_keys(histogram(hash(a)))) from range(1000000000) t(a)",
    ["limited"],
  ],
  [
    "a window over all",
    "select max(s) from (select sum(a) over (order by hash(a)) as s from range(1000000000) t(a))",
    ["limited"],
  ],
  ["JSON of all", "select len(json_group_array(a)) from range(1000000000) t(a)", ["limited"]],
  ["a summary of all", "summarize select hash(a) as h, a from range(1000000000) t(a)", ["limited"]],
  [
    "EXPLAIN ANALYZE",
    "explain analyze select count(*) from range(1000000000000) t(a) where a * a % 25257 = 3",
    ["limited"],
  ],
  [
    "a text that doubles",
    "with recursive t as (select 'x' as s, 0 as n union all select s || s, n + 1 from t where n < 40) select max(len(s)) from t",
    ["limited", "failed"],
  ],
  [
    "a list that doubles",
    "with recursive t as (select [1] as s, 0 as n union all select s || s, n + 1 from t where n < 40) select max(len(s)) from t",
    ["limited", "failed"],
  ],
  [
    "a text that doubles in a lambda",
    `select len(list_reduce([${times(60, "'xx'", ", ")}], lambda a, b: a || a || b))`,
    ["limited", "failed"],
  ],
  [
    "concat within concat",
    `select len(${times(60, "concat(x, ")}x${times(60, ", x, x)")}) from (select 'abc' as x) t`,
    ["answered"],
  ],
  [
    "a text that doubles in subqueries",
    `select len(s) from ${times(40, "(select s || s as s from ")}(select 'x' as s)${times(40, ")")}`,
    ["limited", "failed"],
  ],
  ["replace of each letter", `select len(replace('${long}', 'a', '${long}'))`, ["limited"]],
  [
    "replace of each letter, in many rows",
    `select sum(len(replace('${"a".repeat(9_000)}' || a, 'a', '${long}'))) from range(1000) t(a)`,
    ["limited"],
  ],
  [
    "regexp_replace of each letter",
    `select len(regexp_replace('${long}', 'a', '${long}', 'g'))`,
    ["limited"],
  ],
  [
    "translate, hex and base64",
    `select len(hex(hex(hex(hex(hex(hex(hex(hex('${long}')))))))))`,
    ["answered"],
  ],
  [
    "hex within hex",
    `select len(${times(30, "hex(")}'${long}'${times(30, ")")})`,
    ["limited", "failed"],
  ],
  [
    "a long list in the lambda of a long list",
    "select len(list_transform(l, lambda a: list_transform(l, lambda b: list_sum(l) + b))) from (select list(a) as l from range(20000) t(a))",
    ["limited"],
  ],
  [
    "a list of lists of lists",
    "select sum(len(l)) from (select list_transform(l, lambda a: l) as l from (select list(a) as l from range(20000) t(a)))",
    ["limited"],
  ],
  [
    "an hour for each of all years",
    "select len(generate_series(timestamp '0001-01-01', timestamp '200000-01-01', interval 1 hour))",
    ["limited"],
  ],
  [
    "unnest of unnest",
    "select count(*) from (select unnest(l) from (select list(a) as l from range(100000) t(a)), range(100000))",
    ["limited"],
  ],
  ["wide rows", `select ${times(900, "*", ", ").slice(0, 60_000)} from cost_records`, ["limited"]],
  [
    "very wide rows of a join",
    `select * from ${times(200, "cost_records c{n}", ", ")} limit 1`,
    ["limited"],
  ],
  ["a million rows", "from range(1000000)", ["limited"]],
  [
    "a few rows of many bytes",
    `select '${"x".repeat(50_000)}' || a from range(100000) t(a)`,
    ["limited"],
  ],
  [
    "one value of many bytes",
    "select string_agg('0123456789', '') from range(3000000)",
    ["limited"],
  ],
  [
    "20,000 parentheses",
    `select ${"(".repeat(20_000)}1${")".repeat(20_000)}`,
    ["failed", "answered", "limited"],
  ],
  ["3,000 calls in each other", `select ${"abs(".repeat(3_000)}1${")".repeat(3_000)}`, ["failed"]],
  [
    "900 calls in each other",
    `select ${"abs(".repeat(900)}1${")".repeat(900)}`,
    ["answered", "failed", "limited"],
  ],
  [
    "2,000 subqueries in each other",
    `select * from ${"(select * from ".repeat(2_000)}(select 1)${")".repeat(2_000)}`,
    ["failed", "limited"],
  ],
  [
    "8,000 conditions",
    `select count(*) from cost_records where ${times(8_000, "a{n}=1", " or ").replaceAll(/a\d+/g, "1").slice(0, 60_000)}`,
    ["answered", "failed", "limited"],
  ],
  ["10,000 values in IN", `select 1 in (${times(10_000, "{n}", ", ")})`, ["answered", "limited"]],
  ["2,000 unions", times(2_000, "select {n}", " union all "), ["answered", "failed", "limited"]],
  [
    "200 CTEs that double",
    `with t0 as (from range(2) t(n)), ${times(200, "t{m} as (select a.n from t{n} a, t{n} b)", ", ")
      .replaceAll(/t(\d+) a, t\1 b/g, "t$1 a, t$1 b")
      .replaceAll(
        /t\{m\} as \(select a\.n from t(\d+)/g,
        (_, n) => `t${Number(n) + 1} as (select a.n from t${n}`,
      )} select count(*) from t200`,
    ["limited", "failed"],
  ],
  [
    "a join of sixty tables",
    `select count(*) from ${times(60, "range(3) r{n}", ", ")} where ${times(59, "r{n}.range <= r59.range", " and ")}`,
    ["limited", "failed"],
  ],
  [
    "a grouping of all sets",
    `select count(*) from cost_records group by cube (${"trace_id, span_id, service, feature, team, user_id, agent, tool, operation, provider, request_model, response_model".replaceAll(" ", "")})`,
    ["limited", "answered", "failed"],
  ],
  [
    "a regular expression that remembers",
    "select count(*) from range(100000000) t(a) where regexp_matches(hash(a)::varchar || hash(a + 1)::varchar, '(1|2|3)*(4|5|6)*7{3}')",
    ["limited"],
  ],
  [
    "a LIKE of many stars",
    `select count(*) from range(100000) t(a) where '${"a".repeat(20_000)}' || a like '${"%a".repeat(2_000)}%b'`,
    ["limited", "answered"],
  ],
  ["an array of a fixed size", "select null::integer[100000] from range(100)", ["refused"]],
  ["an array of arrays", "select null::struct(a integer[90000][90000])", ["refused"]],
  ["repeat", "select len(repeat('x', 2000000000))", ["refused"]],
  [
    "lpad and rpad",
    "select len(lpad('x', 2000000000, 'y')), len(rpad('x', 2000000000, 'y'))",
    ["refused"],
  ],
  ["printf", "select len(printf('%2000000000d', 1))", ["refused"]],
  ["format", "select len(format('{:2000000000d}', 1))", ["refused"]],
  ["bitstring", "select bit_length(bitstring('1', 2000000000))", ["refused"]],
  ["levenshtein", `select levenshtein('${long}', '${long}')`, ["refused"]],
  ["a list by range", "select len(range(500000000))", ["refused"]],
  ["a list by generate_series", "select len(generate_series(1, 500000000))", ["refused"]],
  ["list_resize", "select len(list_resize([1], 2000000000, 1))", ["refused"]],
  ["a reservoir", "select reservoir_quantile(a, 0.5, 2000000000) from range(10) t(a)", ["refused"]],
  ["bins", "select len(equi_width_bins(0, 1000000000, 500000000, false))", ["refused"]],
  ["sleep", "select sleep_ms(100000)", ["refused"]],
  ["more than 64 KB", `select '${"x".repeat(70_000)}'`, ["refused"]],
];
