"""What a service does with the `openai` package itself, by scenario."""

import json

import openai
from service import MODEL, QUESTION, SYSTEM

MESSAGES = [{"role": "system", "content": SYSTEM}, {"role": "user", "content": QUESTION}]
TOOLS = [
    {
        "type": "function",
        "function": {
            "name": "get_weather",
            "description": "Weather of a city",
            "parameters": {
                "type": "object",
                "properties": {"city": {"type": "string"}},
                "required": ["city"],
            },
        },
    }
]


def chat(**more):
    return openai.OpenAI().chat.completions.create(model=MODEL, messages=MESSAGES, **more)


def stream():
    for _ in chat(stream=True, stream_options={"include_usage": True}):
        pass


def stream_without_usage():
    for _ in chat(stream=True):
        pass


def responses(**more):
    return openai.OpenAI().responses.create(model=MODEL, input=QUESTION, instructions=SYSTEM, **more)


def responses_stream():
    for _ in responses(stream=True):
        pass


def embeddings():
    openai.OpenAI().embeddings.create(model="text-embedding-3-small", input=QUESTION)


def tool_loop():
    client = openai.OpenAI()
    messages = list(MESSAGES)
    while True:
        answer = client.chat.completions.create(model=MODEL, messages=messages, tools=TOOLS)
        message = answer.choices[0].message
        if not message.tool_calls:
            return
        messages.append(message.model_dump(exclude_none=True))
        for call in message.tool_calls:
            result = json.dumps({"city": json.loads(call.function.arguments)["city"], "sky": "clear"})
            messages.append({"role": "tool", "tool_call_id": call.id, "content": result})


SCENARIOS = {
    "chat": chat,
    "chat-cachewrite": chat,
    "chat-audio": chat,
    "chat-stream": stream,
    "chat-stream-nousage": stream_without_usage,
    "responses": responses,
    "responses-stream": responses_stream,
    "embeddings": embeddings,
    "retry-429x2": chat,
    "retry-exhausted": chat,
    "tool-loop": tool_loop,
    "tool-loop-retry": tool_loop,
}
