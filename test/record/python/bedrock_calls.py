"""What a service does with Bedrock through `boto3`, by scenario."""

import json

import boto3
from service import BEDROCK_CLAUDE, QUESTION

MESSAGES = [{"role": "user", "content": [{"text": QUESTION}]}]


def client():
    return boto3.client("bedrock-runtime")


def converse():
    client().converse(modelId=BEDROCK_CLAUDE, messages=MESSAGES)


def converse_stream():
    for _ in client().converse_stream(modelId=BEDROCK_CLAUDE, messages=MESSAGES)["stream"]:
        pass


def invoke():
    body = {
        "anthropic_version": "bedrock-2023-05-31",
        "max_tokens": 512,
        "messages": [{"role": "user", "content": QUESTION}],
    }
    answer = client().invoke_model(modelId=BEDROCK_CLAUDE, body=json.dumps(body))
    answer["body"].read()


SCENARIOS = {
    "bedrock-converse": converse,
    "bedrock-converse-stream": converse_stream,
    "bedrock-invoke": invoke,
    "bedrock-retry": converse,
}
