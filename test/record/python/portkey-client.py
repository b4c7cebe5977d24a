"""Portkey's client, as it speaks to its gateway."""

import service

service.start_tracing()
service.instrument_http()

import tellers

tellers.instrument()

from portkey_ai import Portkey

MESSAGES = [{"role": "user", "content": service.QUESTION}]


def chat(**more):
    client = Portkey(api_key=service.KEY, base_url=service.OPENAI_URL, provider="openai")
    return client.chat.completions.create(model=service.MODEL, messages=MESSAGES, **more)


def stream():
    for _ in chat(stream=True, stream_options={"include_usage": True}):
        pass


every = {"chat": chat, "chat-cachewrite": chat, "chat-stream": stream}
with service.request():
    every[service.scenario()]()
