export { type Changes, changedParams, href } from "./address.ts";
export { between, paramsOf, type Range, rangeAround, type Window } from "./range.ts";
export { ownSqlName, queryPath, tracePath, type ViewPath, views } from "./views.ts";
