"""OpenLLMetry's Python instrumentations of agent frameworks and of Google's `google-genai` package."""

import service

service.start_tracing()
service.instrument_http()

name = service.scenario()
if name.startswith("langgraph"):
    from opentelemetry.instrumentation.langchain import LangchainInstrumentor

    LangchainInstrumentor().instrument()
elif name.startswith("agents-sdk"):
    from opentelemetry.instrumentation.openai_agents import OpenAIAgentsInstrumentor

    OpenAIAgentsInstrumentor().instrument()
else:
    from opentelemetry.instrumentation.google_generativeai import GoogleGenerativeAiInstrumentor

    GoogleGenerativeAiInstrumentor().instrument()

import agent_runs
import gemini_calls

every = {**agent_runs.SCENARIOS, **gemini_calls.SCENARIOS}
with service.request():
    every[name]()
