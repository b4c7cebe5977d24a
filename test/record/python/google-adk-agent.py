"""Google's Agent Development Kit for Python, with its own spans and those of the instrumentations that are named."""

import asyncio
import os

import service

os.environ["GOOGLE_API_KEY"] = service.KEY
os.environ["GOOGLE_GEMINI_BASE_URL"] = service.MODEL_SERVER
service.start_tracing()
service.instrument_http()
if "TELLERS" in os.environ:
    import tellers

    tellers.instrument()

from google.adk.agents import LlmAgent
from google.adk.runners import InMemoryRunner
from google.genai import types


def get_weather(city: str) -> str:
    """Weather of a city."""
    return f"clear in {city}"


async def run():
    agent = LlmAgent(
        name="weather_agent",
        model="gemini-2.5-flash",
        instruction=service.SYSTEM,
        tools=[get_weather] if "loop" in service.scenario() else [],
    )
    runner = InMemoryRunner(agent=agent, app_name="support")
    session = await runner.session_service.create_session(app_name="support", user_id="u-1")
    message = types.Content(role="user", parts=[types.Part(text=service.QUESTION)])
    async for _ in runner.run_async(user_id="u-1", session_id=session.id, new_message=message):
        pass


with service.request():
    asyncio.run(run())
