"""What a service does with the `google-genai` package itself, by scenario."""

from google import genai
from google.genai import types
from service import KEY, MODEL_SERVER, QUESTION, SYSTEM

MODEL = "gemini-2.5-flash"


def client():
    retry = types.HttpRetryOptions(attempts=3, initial_delay=0.05, max_delay=0.1)
    return genai.Client(
        api_key=KEY,
        http_options=types.HttpOptions(base_url=MODEL_SERVER, retry_options=retry),
    )


def generate(**more):
    # A client that nobody holds closes its connections.
    gemini = client()
    gemini.models.generate_content(
        model=MODEL,
        contents=QUESTION,
        config=types.GenerateContentConfig(system_instruction=SYSTEM, **more),
    )


def stream():
    gemini = client()
    for _ in gemini.models.generate_content_stream(model=MODEL, contents=QUESTION):
        pass


def get_weather(city: str) -> str:
    """Weather of a city."""
    return f"clear in {city}"


SCENARIOS = {
    "gemini-generate": generate,
    "gemini-audio": generate,
    "gemini-stream": stream,
    "gemini-loop": lambda: generate(tools=[get_weather]),
    "gemini-retry": generate,
}
