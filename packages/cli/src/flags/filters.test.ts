import { describe, expect, test } from "vitest";
import { parseDimension, parseDimensions } from "./dimensions.ts";
import { filterSql, filtersText, parseFilters } from "./filters.ts";

describe("a filter", () => {
  test.each([
    ["feature=search", "feature", ["search"], false],
    ["user=anna", "user_id", ["anna"], false],
    ["release != 2.14", "release", ["2.14"], true],
    ["tag:plan=pro", "tag:plan", ["pro"], false],
    ["model=a=b", "model", ["a=b"], false],
    ["feature=(none)", "feature", ["(none)"], false],
  ])("%s", (text, name, values, not) => {
    const [filter] = parseFilters([text]);
    expect([filter?.dimension.name, filter?.values, filter?.not]).toEqual([name, values, not]);
  });

  test("several values of a dimension are alternatives", () => {
    const filters = parseFilters(["feature=a", "team=x", "feature=b"]);
    expect(filters.map(({ values }) => values)).toEqual([["a", "b"], ["x"]]);
    expect(filtersText(filters)).toBe("feature=a, feature=b, team=x");
  });

  test.each(["feature", "feature=", "=search", ""])("%j is none", (text) => {
    expect(() => parseFilters([text])).toThrow(
      `--where takes dimension=value, such as feature=search or release!=2.14, not "${text}". ` +
        "Calls without a value are feature=(none).",
    );
  });

  test("its value never becomes SQL", () => {
    const { conditions, variables } = filterSql(parseFilters(["feature=x'; drop table spans --"]));
    expect(conditions).toEqual(["(feature)::varchar = getvariable('where_0')[1]"]);
    expect(variables).toEqual({ where_0: ["x'; drop table spans --"] });
  });

  test.each([["feature=a", "feature=b"], ["feature=(none)"]])("%j is one of some", (...texts) => {
    const { conditions } = filterSql(parseFilters(texts));
    expect(conditions).toEqual([
      "list_contains(getvariable('where_0'), coalesce((feature)::varchar, '(none)'))",
    ]);
  });

  test("the name of a tag is quoted", () => {
    const [condition] = filterSql(parseFilters(["tag:it's!=1"])).conditions;
    expect(condition).toBe(
      "not list_contains(getvariable('where_0'), coalesce((tags['it''s'])::varchar, '(none)'))",
    );
  });
});

describe("dimensions", () => {
  test("come separated by commas, several times, and under other names", () => {
    const names = parseDimensions(["feature, release", "env", "user-id"], "by").map(
      ({ name }) => name,
    );
    expect(names).toEqual(["feature", "release", "environment", "user_id"]);
  });

  test("a misspelt one is named with the one that was meant", () => {
    expect(() => parseDimension("relase", "by")).toThrow(
      /^--by: there is no dimension "relase"\. Did you mean release\? Take one of feature, model, .*, or tag:NAME\.$/,
    );
  });

  test("the same one twice is refused", () => {
    expect(() => parseDimensions(["user,user_id"], "by")).toThrow("--by names user_id twice.");
  });
});
