"""Mistral's own package, told to make spans."""

import json

import service

service.start_tracing()
service.instrument_http()

from mistralai.client import Mistral
from mistralai.client.utils import BackoffStrategy, RetryConfig

MODEL = "mistral-large-latest"
MESSAGES = [
    {"role": "system", "content": service.SYSTEM},
    {"role": "user", "content": service.QUESTION},
]
TOOL = {
    "type": "function",
    "function": {
        "name": "get_weather",
        "description": "Weather of a city",
        "parameters": {"type": "object", "properties": {"city": {"type": "string"}}},
    },
}
retries = RetryConfig("backoff", BackoffStrategy(50, 100, 1.5, 1_000), False)
client = Mistral(api_key=service.KEY, server_url=service.MODEL_SERVER, retry_config=retries)


def chat():
    client.chat.complete(model=MODEL, messages=MESSAGES)


def tool_loop():
    messages = list(MESSAGES)
    while True:
        answer = client.chat.complete(model=MODEL, messages=messages, tools=[TOOL])
        message = answer.choices[0].message
        if not message.tool_calls:
            return
        messages.append(message)
        for call in message.tool_calls:
            result = json.dumps({"sky": "clear"})
            messages.append({"role": "tool", "tool_call_id": call.id, "content": result})


every = {
    "chat": chat,
    "embeddings": lambda: client.embeddings.create(model="mistral-embed", inputs=[service.QUESTION]),
    "retry-429x2": chat,
    "tool-loop": tool_loop,
}
with service.request():
    every[service.scenario()]()
