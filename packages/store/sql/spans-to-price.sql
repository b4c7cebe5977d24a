-- Everything that a price depends on, of the spans that may have one: calls, what repeats usage, and tools.
select
    trace_id,
    span_id,
    started_at,
    ended_at,
    node,
    status = 'error' as failed,
    operation,
    tool,
    units,
    provider,
    request_model,
    response_model,
    service_tier,
    account,
    region,
    usage_quality,
    input_tokens,
    cache_read_tokens,
    cache_write_tokens,
    cache_write_1h_tokens,
    output_tokens,
    reasoning_tokens,
    input_audio_tokens,
    input_image_tokens,
    cache_read_audio_tokens,
    output_audio_tokens,
    output_image_tokens,
    web_searches
from span_facts
where (node = 'call' or usage_quality is not null or (node = 'tool' and tool is not null))
    and started_at >= coalesce(getvariable('since')::timestamp, '-infinity')
    and started_at < coalesce(getvariable('until')::timestamp, 'infinity');
