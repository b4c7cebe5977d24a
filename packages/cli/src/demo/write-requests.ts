import { SpanKind } from "@opentelemetry/api";
import type { AgentWork, AnswerWork, Feature } from "./company.ts";
import type { Scope, Scribe } from "./scribe.ts";
import {
  type CallSetting,
  drawUsage,
  writeChat,
  writeEmbedding,
  writeWrappedChat,
} from "./write-calls.ts";

const serverScope: Scope = { name: "@opentelemetry/instrumentation-http", version: "0.223.0" };
const databaseScope: Scope = { name: "@opentelemetry/instrumentation-pg", version: "0.75.0" };
const agentScope: Scope = { name: "acme-agents", version: "1.6.2" };

/** Whose request it is. */
export interface Caller {
  readonly user: string;
  readonly plan: string;
}

/** How many calls a run of an agent makes, if nothing stops it earlier. */
export type StepsOf = (work: AgentWork) => number;

/** The spans of one request to a feature, its HTTP server span around them. */
export function writeRequest(
  setting: CallSetting,
  feature: Feature,
  caller: Caller,
  stepsOf: StepsOf,
): void {
  const { scribe, random } = setting;
  const attributes = {
    "http.request.method": "POST",
    "http.route": feature.route,
    "url.path": feature.route.replace("{id}", random.hex(6)),
    "http.response.status_code": 200,
    "user.id": caller.user,
    "spancost.tag.plan": caller.plan,
    ...(feature.name !== undefined && { "spancost.feature": feature.name }),
    ...(feature.team !== undefined && { "spancost.team": feature.team }),
  };
  scribe.span(serverScope, `POST ${feature.route}`, SpanKind.SERVER, attributes, () => {
    scribe.wait(random.between(1, 8));
    const { work } = feature;
    if (work.kind === "agent") writeAgent(setting, work, stepsOf);
    else if (work.kind === "answer") writeAnswer(setting, work);
    else writeDatabase(scribe, "select threads", random.between(2, 30));
    scribe.wait(random.between(1, 5));
  });
}

function writeAnswer(setting: CallSetting, work: AnswerWork): void {
  const { scribe, random } = setting;
  if (work.embeddedTokens !== undefined) {
    writeEmbedding(setting, work.embeddedTokens);
    writeDatabase(scribe, "select passages", random.between(8, 60));
  }
  const usage = drawUsage(work, work.inputTokens, random);
  if (work.toldTwice === true) writeWrappedChat(setting, work, usage);
  else writeChat(setting, work, usage, "stop");
}

/** A run of an agent: calls, and tools in between. Its span repeats what its calls used. */
function writeAgent(setting: CallSetting, work: AgentWork, stepsOf: StepsOf): void {
  const { scribe, random, conversation } = setting;
  const steps = stepsOf(work);
  const helpAt = work.helper !== undefined && random.chance(0.8) ? 2 : 0;
  const attributes = {
    "gen_ai.operation.name": "invoke_agent",
    "gen_ai.agent.name": work.agent,
    "gen_ai.conversation.id": conversation,
  };
  scribe.span(agentScope, `invoke_agent ${work.agent}`, SpanKind.INTERNAL, attributes, (span) => {
    const sums = { input: 0, output: 0 };
    for (let step = 1; step <= steps; step += 1) {
      const input = work.inputTokens + (step - 1) * work.growthTokens;
      const usage = drawUsage(work, input, random);
      const isLast = step === steps;
      if (!writeChat(setting, work, usage, isLast ? "stop" : "tool_calls")) break;
      sums.input += usage.input;
      sums.output += usage.output;
      if (step === helpAt && work.helper !== undefined) writeAgent(setting, work.helper, stepsOf);
      else if (!isLast) writeTool(setting, work);
    }
    span.setAttribute("gen_ai.usage.input_tokens", sums.input);
    span.setAttribute("gen_ai.usage.output_tokens", sums.output);
  });
}

function writeTool({ scribe, random }: CallSetting, work: AgentWork): void {
  const tool = random.pick(work.tools);
  scribe.span(
    agentScope,
    `execute_tool ${tool}`,
    SpanKind.INTERNAL,
    {
      "gen_ai.operation.name": "execute_tool",
      "gen_ai.tool.name": tool,
      "gen_ai.tool.type": "function",
      "gen_ai.tool.call.id": `call_${random.hex(12)}`,
    },
    () => scribe.wait(random.around(120, 0.7)),
  );
}

function writeDatabase(scribe: Scribe, name: string, millis: number): void {
  const attributes = { "db.system.name": "postgresql", "db.operation.name": "select" };
  scribe.span(databaseScope, name, SpanKind.CLIENT, attributes, () => scribe.wait(millis));
}
