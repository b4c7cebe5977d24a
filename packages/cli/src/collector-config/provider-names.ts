import { providerAliases } from "@spancost/semconv";
import { anyOf, kept, quoted, set } from "./ottl.ts";

/**
 * Statements that put the provider of a span into one form, as spancost reads it: in lower case, by the conventions' name,
 * and none where a framework or the service named itself.
 */
export function providerStatements(): string[] {
  const own = `${kept("provider")} == resource.attributes["service.name"]`;
  const names = [...new Set(providerAliases.map(([, name]) => name ?? ""))];
  return [
    set(kept("provider"), quoted(""), `${kept("provider")} == nil or ${own}`),
    set(kept("provider"), `ToLowerCase(${kept("provider")})`),
    ...names.map((name) => {
      const aliases = providerAliases.filter(([, meant = ""]) => meant === name);
      const spellings = anyOf(aliases.map(([alias]) => alias));
      return set(kept("provider"), quoted(name), `IsMatch(${kept("provider")}, ${spellings})`);
    }),
  ];
}
