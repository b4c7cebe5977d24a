"""Azure's client for its models, with the instrumentation that is a part of it."""

import service

service.start_tracing()

from azure.core.settings import settings

settings.tracing_implementation = "opentelemetry"

from azure.ai.inference.tracing import AIInferenceInstrumentor

AIInferenceInstrumentor().instrument()

from azure.ai.inference import ChatCompletionsClient, EmbeddingsClient
from azure.ai.inference.models import UserMessage
from azure.core.credentials import AzureKeyCredential

CREDENTIAL = AzureKeyCredential(service.KEY)


def chat(**more):
    client = ChatCompletionsClient(endpoint=service.OPENAI_URL, credential=CREDENTIAL)
    messages = [UserMessage(service.QUESTION)]
    return client.complete(messages=messages, model=service.MODEL, **more)


def stream():
    for _ in chat(stream=True, model_extras={"stream_options": {"include_usage": True}}):
        pass


def embeddings():
    client = EmbeddingsClient(endpoint=service.OPENAI_URL, credential=CREDENTIAL)
    client.embed(input=[service.QUESTION], model="text-embedding-3-small")


every = {
    "chat": chat,
    "chat-stream": stream,
    "embeddings": embeddings,
    "retry-429x2": chat,
    "retry-exhausted": chat,
}
with service.request():
    every[service.scenario()]()
