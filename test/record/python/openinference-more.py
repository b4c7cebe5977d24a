"""OpenInference's Python instrumentations of `google-genai`, LiteLLM and smolagents."""

import service

service.start_tracing()
service.instrument_http()

name = service.scenario()


def litellm_chat():
    import litellm

    litellm.completion(
        model=f"openai/{service.MODEL}", messages=[{"role": "user", "content": service.QUESTION}]
    )


def litellm_anthropic():
    import litellm

    litellm.completion(
        model=f"anthropic/{service.CLAUDE}", messages=[{"role": "user", "content": service.QUESTION}]
    )


def smolagents_loop():
    import smolagents

    @smolagents.tool
    def get_weather(city: str) -> str:
        """Weather of a city.

        Args:
            city: name of the city
        """
        return f"clear in {city}"

    model = smolagents.OpenAIModel(service.MODEL, api_base=service.OPENAI_URL, api_key=service.KEY)
    smolagents.ToolCallingAgent(tools=[get_weather], model=model, name="weather_agent", max_steps=3).run(
        service.QUESTION
    )


if name.startswith("gemini"):
    from openinference.instrumentation.google_genai import GoogleGenAIInstrumentor

    GoogleGenAIInstrumentor().instrument()
    import gemini_calls

    every = gemini_calls.SCENARIOS
elif name.startswith("smolagents"):
    from openinference.instrumentation.smolagents import SmolagentsInstrumentor

    SmolagentsInstrumentor().instrument()
    every = {"smolagents-loop": smolagents_loop}
else:
    from openinference.instrumentation.litellm import LiteLLMInstrumentor

    LiteLLMInstrumentor().instrument()
    every = {"litellm-chat": litellm_chat, "litellm-anthropic": litellm_anthropic}
with service.request():
    every[name]()
