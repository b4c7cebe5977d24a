"""LiteLLM's `otel` callback, in a service that calls models through the LiteLLM SDK."""

import json
import os

import service

os.environ["LITELLM_LOCAL_MODEL_COST_MAP"] = "True"
service.start_tracing()
service.instrument_http()

import litellm

litellm.callbacks = ["otel"]

MESSAGES = [{"role": "system", "content": service.SYSTEM}, {"role": "user", "content": service.QUESTION}]
TOOLS = [
    {
        "type": "function",
        "function": {
            "name": "get_weather",
            "description": "Weather of a city",
            "parameters": {"type": "object", "properties": {"city": {"type": "string"}}},
        },
    }
]


def complete(model, **more):
    return litellm.completion(model=model, messages=more.pop("messages", MESSAGES), num_retries=2, **more)


def stream(model):
    for _ in complete(model, stream=True, stream_options={"include_usage": True}):
        pass


def tool_loop():
    messages = list(MESSAGES)
    while True:
        message = complete(OPENAI, messages=messages, tools=TOOLS).choices[0].message
        if not message.tool_calls:
            return
        messages.append(message.model_dump(exclude_none=True))
        for call in message.tool_calls:
            city = json.loads(call.function.arguments)["city"]
            messages.append({"role": "tool", "tool_call_id": call.id, "content": f"clear in {city}"})


OPENAI = f"openai/{service.MODEL}"
ANTHROPIC = f"anthropic/{service.CLAUDE}"
SCENARIOS = {
    "chat": lambda: complete(OPENAI),
    "chat-cachewrite": lambda: complete(OPENAI),
    "chat-stream": lambda: stream(OPENAI),
    "embeddings": lambda: litellm.embedding("openai/text-embedding-3-small", input=[service.QUESTION]),
    "retry-429x2": lambda: complete(OPENAI),
    "retry-exhausted": lambda: complete(OPENAI),
    "tool-loop": tool_loop,
    "anthropic-messages": lambda: complete(ANTHROPIC),
    "anthropic-stream": lambda: stream(ANTHROPIC),
    "bedrock-converse": lambda: complete(f"bedrock/converse/{service.BEDROCK_CLAUDE}"),
}
with service.request():
    SCENARIOS[service.scenario()]()
    # Its callbacks run on a thread of their own.
    import time

    time.sleep(1.5)
