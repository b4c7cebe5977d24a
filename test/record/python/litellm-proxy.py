"""The LiteLLM proxy with its `otel` callback, asked by a service that is not traced itself."""

import os
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request

os.environ["OTEL_SDK_DISABLED"] = "true"
import service
import yaml


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


config = {
    "model_list": [
        {
            "model_name": service.MODEL,
            "litellm_params": {"model": f"openai/{service.MODEL}", "api_base": service.OPENAI_URL},
        },
        {
            "model_name": service.CLAUDE,
            "litellm_params": {
                "model": f"anthropic/{service.CLAUDE}",
                "api_base": service.MODEL_SERVER,
            },
        },
        {
            "model_name": "text-embedding-3-small",
            "litellm_params": {
                "model": "openai/text-embedding-3-small",
                "api_base": service.OPENAI_URL,
            },
        },
    ],
    "general_settings": {"dangerously_permit_weak_or_unset_master_key": True},
    "router_settings": {"num_retries": 2, "retry_after": 0},
    "litellm_settings": {
        "callbacks": ["otel"],
        "cache": True,
        "cache_params": {"type": "local", "supported_call_types": []}
        if service.scenario() != "cache-hit"
        else {"type": "local"},
    },
}
port = free_port()
with tempfile.NamedTemporaryFile("w", suffix=".yaml", delete=False) as file:
    yaml.safe_dump(config, file)
environment = {
    **os.environ,
    "OTEL_EXPORTER": "otlp_http",
    "OTEL_ENDPOINT": os.environ["OTEL_EXPORTER_OTLP_ENDPOINT"],
    "OTEL_SERVICE_NAME": "litellm-proxy",
    "LITELLM_LOCAL_MODEL_COST_MAP": "True",
    "OTEL_BSP_SCHEDULE_DELAY": "200",
}
del environment["OTEL_SDK_DISABLED"]
proxy = subprocess.Popen(
    [os.path.join(os.path.dirname(sys.executable), "litellm"), "--config", file.name, "--host", "127.0.0.1", "--port", str(port)],
    env=environment,
)
try:
    for _ in range(100):
        try:
            urllib.request.urlopen(f"http://127.0.0.1:{port}/health/liveliness", timeout=1)
            break
        except OSError:
            time.sleep(0.4)
    os.environ["OPENAI_BASE_URL"] = f"http://127.0.0.1:{port}/v1"

    import openai
    import openai_calls

    def claude(**more):
        return openai.OpenAI().chat.completions.create(
            model=service.CLAUDE, messages=openai_calls.MESSAGES, **more
        )

    def twice():
        openai_calls.chat()
        openai_calls.chat()

    every = {
        **openai_calls.SCENARIOS,
        "anthropic-messages": claude,
        "cache-hit": twice,
    }
    try:
        every[service.scenario()]()
    except openai.APIError as error:
        print(error, file=sys.stderr)
    time.sleep(2)
finally:
    proxy.terminate()
    proxy.wait(20)
    os.unlink(file.name)
