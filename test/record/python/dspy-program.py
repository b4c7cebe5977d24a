"""DSPy: its models."""

import os
import tempfile

import service

# Its cache is a folder that would outlive the program.
os.environ["DSPY_CACHEDIR"] = tempfile.mkdtemp()
os.environ["LITELLM_LOCAL_MODEL_COST_MAP"] = "True"
service.start_tracing()
service.instrument_http()

import tellers

tellers.instrument()

import dspy


def openai():
    return dspy.LM(
        f"openai/{service.MODEL}",
        api_base=service.OPENAI_URL,
        api_key=service.KEY,
        temperature=1.0,
        max_tokens=16000,
        cache=False,
    )


def embeddings():
    dspy.Embedder("openai/text-embedding-3-small", api_base=service.OPENAI_URL, api_key=service.KEY)([service.QUESTION])


def claude():
    return dspy.LM(f"anthropic/{service.CLAUDE}", api_base=service.MODEL_SERVER, api_key=service.KEY, cache=False)


every = {
    "chat": lambda: openai()(service.QUESTION),
    "embeddings": embeddings,
    "anthropic-messages": lambda: claude()(service.QUESTION),
}
with service.request():
    every[service.scenario()]()
