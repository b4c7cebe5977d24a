/**
 * How a span stands in the payload of a frame, version 1.
 *
 * First the number of bytes of bits, then the bits: one for each field, set where it has a value. Then the values, in the
 * order of their bits, which is that of `fields` and of the lines in `FactsWriter`. Fields may be added at the end: what an older
 * version wrote has none of their bits.
 *
 * - a flag is its bit alone
 * - text that may occur again is its number in the frame's table of texts; 0 where it stands there for the first time,
 *   and then the text itself. A trace's id has a table of its own
 * - a whole number takes as many bytes as it needs; any other is a double, as times are. Money takes 64 bits
 */
export const bitBytes = 9;
/** Bytes of bits that a span may begin with: those of versions to come. */
export const mostBitBytes = 32;

/** How values stand in a frame. Numbers, which are told apart faster than texts. */
export const Kind = {
  text: 0,
  number: 1,
  money: 2,
  time: 3,
  span: 4,
  trace: 5,
  own: 6,
  flag: 7,
  status: 8,
  tags: 9,
} as const;
export type KindName = keyof typeof Kind;
export type KindNumber = (typeof Kind)[KindName];

/** What stands behind each bit, and the column of `span_facts` that it goes into; some go into none. */
export const fields: readonly (readonly [kind: KindName, column?: string])[] = [
  ["status", "status"],
  ["flag", "model_request"],
  ["flag", "served_from_cache"],
  ["trace", "trace_id"],
  ["span", "span_id"],
  ["span", "parent_span_id"],
  ["time", "started_at"],
  ["time", "ended_at"],
  ["time"],
  ["text", "name"],
  ["text", "node"],
  ["text", "error_type"],
  ["text", "service"],
  ["text", "environment"],
  ["text", "release"],
  ["text", "account"],
  ["text", "region"],
  ["text", "feature"],
  ["text", "team"],
  ["text", "user_id"],
  ["text", "conversation_id"],
  ["text", "agent"],
  ["text", "prompt_name"],
  ["text", "prompt_version"],
  ["text", "default_feature"],
  ["text", "default_team"],
  ["text", "default_user_id"],
  ["text", "default_conversation_id"],
  ["text", "tool"],
  ["text", "operation"],
  ["text", "provider"],
  ["text", "request_model"],
  ["text", "response_model"],
  ["text", "service_tier"],
  ["text", "emitter"],
  ["text", "emitter_version"],
  ["text", "dialect"],
  ["text", "usage_quality"],
  ["text", "usage_issue"],
  ["text", "unpriced_reason"],
  ["text", "price_source"],
  ["text", "price_id"],
  ["own", "response_id"],
  ["number", "kind"],
  ["number", "units"],
  ["number", "stated_retry_count"],
  ["number", "stated_loop_iteration"],
  ["number", "stated_agent_depth"],
  ["number", "http_status"],
  ["number", "input_tokens"],
  ["number", "cache_read_tokens"],
  ["number", "cache_write_tokens"],
  ["number", "cache_write_1h_tokens"],
  ["number", "output_tokens"],
  ["number", "reasoning_tokens"],
  ["number", "input_audio_tokens"],
  ["number", "input_image_tokens"],
  ["number", "cache_read_audio_tokens"],
  ["number", "output_audio_tokens"],
  ["number", "output_image_tokens"],
  ["number", "web_searches"],
  ["money"],
  ["money", "input_cost_usd"],
  ["money", "cache_read_cost_usd"],
  ["money", "cache_write_cost_usd"],
  ["money", "output_cost_usd"],
  ["money", "other_cost_usd"],
  ["money", "reported_cost_usd"],
  ["tags", "tags"],
];
