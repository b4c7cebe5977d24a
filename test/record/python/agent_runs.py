"""A loop with a tool, run by agent frameworks: LangGraph's agent and the OpenAI Agents SDK."""

from service import MODEL, QUESTION, SYSTEM


def langgraph():
    from langchain.agents import create_agent
    from langchain_core.tools import tool
    from langchain_openai import ChatOpenAI

    @tool
    def get_weather(city: str) -> str:
        """Weather of a city."""
        return f"clear in {city}"

    agent = create_agent(
        model=ChatOpenAI(model=MODEL), tools=[get_weather], system_prompt=SYSTEM, name="weather_agent"
    )
    agent.invoke({"messages": [{"role": "user", "content": QUESTION}]})


def agents_sdk():
    import agents

    @agents.function_tool
    def get_weather(city: str) -> str:
        """Weather of a city."""
        return f"clear in {city}"

    agent = agents.Agent(
        name="weather_agent", instructions=SYSTEM, model=MODEL, tools=[get_weather]
    )
    agents.Runner.run_sync(agent, QUESTION)


SCENARIOS = {
    "langgraph-loop": langgraph,
    "langgraph-loop-retry": langgraph,
    "agents-sdk-loop": agents_sdk,
    "agents-sdk-loop-retry": agents_sdk,
}
