import { nodes } from "./spans.ts";

/** One agent run, of which several instrumentations may tell, one inside the other. Each tells of it once. */
interface Telling {
  readonly agent: number;
  readonly scopes: Set<number>;
}

/** A span whose children are being walked, and what holds for them. */
export interface Level {
  readonly span: number;
  /** The next child to walk to; -1 is none. */
  child: number;
  /** The nearest call of each scope, as far as the nearest tool or agent: what they call is a call of its own. */
  readonly calls: Map<number, number> | undefined;
  /** The tools above, and how often each, as far as the nearest agent: what it runs is a use of its own. */
  readonly tools: Map<number, number> | undefined;
  readonly telling: Telling | undefined;
  /** Takes back what the span has put into what it shares with those above. */
  readonly leave: (() => void) | undefined;
}

/** A span that is walked into. */
interface Entered {
  readonly span: number;
  readonly child: number;
  readonly node: number;
  readonly scope: number;
  readonly name: number;
  /** It tells of the agent run around it again. */
  readonly sameRun: boolean;
}

export function levelBelow(entered: Entered, above: Level | undefined): Level {
  const { span, child, node, scope, name } = entered;
  switch (node) {
    case nodes.call: {
      const calls = above?.calls ?? new Map<number, number>();
      const before = calls.get(scope);
      calls.set(scope, span);
      const leave = () => {
        if (before === undefined) calls.delete(scope);
        else calls.set(scope, before);
      };
      return { span, child, calls, tools: above?.tools, telling: above?.telling, leave };
    }
    case nodes.tool: {
      if (name === -1) return { ...boundary(span, child), tools: above?.tools };
      const tools = above?.tools ?? new Map<number, number>();
      const before = tools.get(name) ?? 0;
      tools.set(name, before + 1);
      const leave = () => {
        if (before === 0) tools.delete(name);
        else tools.set(name, before);
      };
      return { ...boundary(span, child), tools, leave };
    }
    case nodes.agent:
      return { ...boundary(span, child), ...tellingOf(entered, above) };
    default:
      return {
        span,
        child,
        calls: above?.calls,
        tools: above?.tools,
        telling: above?.telling,
        leave: undefined,
      };
  }
}

function boundary(span: number, child: number): Level {
  return { span, child, calls: undefined, tools: undefined, telling: undefined, leave: undefined };
}

function tellingOf(
  { scope, name, sameRun }: Entered,
  above: Level | undefined,
): Pick<Level, "telling" | "leave"> {
  const telling = above?.telling;
  if (sameRun && telling !== undefined) {
    telling.scopes.add(scope);
    return { telling, leave: () => telling.scopes.delete(scope) };
  }
  const own = name === -1 ? undefined : { agent: name, scopes: new Set([scope]) };
  return { telling: own, leave: undefined };
}
