"""What a service does with the `anthropic` package itself, by scenario."""

import anthropic
from service import CLAUDE, QUESTION, SYSTEM

TOOLS = [
    {
        "name": "get_weather",
        "description": "Weather of a city",
        "input_schema": {
            "type": "object",
            "properties": {"city": {"type": "string"}},
            "required": ["city"],
        },
    }
]


def ask(messages=None, ttl=None, **more):
    control = {"type": "ephemeral"} if ttl is None else {"type": "ephemeral", "ttl": ttl}
    return anthropic.Anthropic().messages.create(
        model=CLAUDE,
        max_tokens=1024,
        system=[{"type": "text", "text": SYSTEM, "cache_control": control}],
        messages=messages or [{"role": "user", "content": QUESTION}],
        **more,
    )


def stream():
    for _ in ask(stream=True):
        pass


def search():
    ask(tools=[{"type": "web_search_20250305", "name": "web_search", "max_uses": 5}])


def loop():
    messages = [{"role": "user", "content": QUESTION}]
    while True:
        answer = ask(messages=messages, tools=TOOLS)
        calls = [block for block in answer.content if block.type == "tool_use"]
        if not calls:
            return
        messages.append({"role": "assistant", "content": [block.model_dump() for block in answer.content]})
        results = [
            {"type": "tool_result", "tool_use_id": call.id, "content": "clear"} for call in calls
        ]
        messages.append({"role": "user", "content": results})


def tool_runner():
    @anthropic.beta_tool
    def get_weather(city: str) -> str:
        """Weather of a city."""
        return "clear"

    anthropic.Anthropic().beta.messages.tool_runner(
        model=CLAUDE,
        max_tokens=1024,
        tools=[get_weather],
        messages=[{"role": "user", "content": QUESTION}],
    ).until_done()


SCENARIOS = {
    "anthropic-messages": ask,
    "anthropic-cache-1h": lambda: ask(ttl="1h"),
    "anthropic-stream": stream,
    "anthropic-retry": ask,
    "anthropic-loop": loop,
    "anthropic-search": search,
    "anthropic-tool-runner": tool_runner,
}
