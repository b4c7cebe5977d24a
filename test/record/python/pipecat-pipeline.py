"""Pipecat: a pipeline of a model alone, without sound, with Pipecat's own spans."""

import asyncio
import os

import service

service.start_tracing()
service.instrument_http()

if "TELLERS" in os.environ:
    import tellers

    tellers.instrument()

from pipecat.frames.frames import EndFrame, ErrorFrame, LLMFullResponseEndFrame, LLMRunFrame, LLMTextFrame
from pipecat.pipeline.pipeline import Pipeline
from pipecat.pipeline.runner import PipelineRunner
from pipecat.pipeline.task import PipelineParams, PipelineTask
from pipecat.processors.aggregators.llm_context import LLMContext
from pipecat.processors.aggregators.llm_response_universal import LLMContextAggregatorPair
from pipecat.processors.frame_processor import FrameDirection, FrameProcessor
from pipecat.services.anthropic.llm import AnthropicLLMService
from pipecat.services.aws.llm import AWSBedrockLLMService
from pipecat.services.google.llm import GoogleLLMService
from pipecat.services.llm_service import FunctionCallParams
from pipecat.services.openai.llm import OpenAILLMService


async def get_weather(params: FunctionCallParams, city: str):
    """Weather of a city.

    Args:
        city: Name of the city.
    """
    await params.result_callback(f"clear in {city}")


class UntilAnswered(FrameProcessor):
    """Ends the pipeline when the model has said something."""

    said = False

    async def process_frame(self, frame, direction):
        await super().process_frame(frame, direction)
        await self.push_frame(frame, direction)
        self.said = self.said or isinstance(frame, LLMTextFrame)
        if self.said and isinstance(frame, LLMFullResponseEndFrame):
            await self.push_frame(EndFrame())
            await task.queue_frame(EndFrame())


def openai():
    return OpenAILLMService(api_key=service.KEY, base_url=service.OPENAI_URL, settings=of(OpenAILLMService, service.MODEL))


def claude():
    return AnthropicLLMService(api_key=service.KEY, settings=of(AnthropicLLMService, service.CLAUDE))


def bedrock():
    return AWSBedrockLLMService(aws_region="us-east-1", settings=of(AWSBedrockLLMService, service.BEDROCK_CLAUDE))


def gemini():
    from google.genai import types

    options = types.HttpOptions(base_url=service.MODEL_SERVER)
    settings = of(GoogleLLMService, "gemini-2.5-flash")
    return GoogleLLMService(api_key=service.KEY, http_options=options, settings=settings)


def of(kind, model):
    return kind.Settings(model=model, system_instruction=service.SYSTEM)


async def run(llm):
    global task
    tools = [get_weather] if "loop" in service.scenario() else None
    asked = [{"role": "user", "content": service.QUESTION}]
    context = LLMContext(asked, tools=tools) if tools else LLMContext(asked)
    if tools:
        llm.register_direct_function(get_weather)
    pair = LLMContextAggregatorPair(context)
    pipeline = Pipeline([pair.user(), llm, UntilAnswered(), pair.assistant()])
    params = PipelineParams(enable_metrics=True, enable_usage_metrics=True)
    task = PipelineTask(pipeline, params=params, enable_tracing=True, enable_turn_tracking=True)
    await task.queue_frames([LLMRunFrame()])
    await PipelineRunner(handle_sigint=False).run(task)


every = {
    "chat": openai,
    "retry-429x2": openai,
    "agent-loop": openai,
    "agent-loop-retry": openai,
    "anthropic-messages": claude,
    "anthropic-loop": claude,
    "bedrock-converse": bedrock,
    "gemini-generate": gemini,
}
with service.request():
    asyncio.run(asyncio.wait_for(run(every[service.scenario()]()), 20))
