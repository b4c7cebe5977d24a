"""OpenLIT for Python: Google's and Amazon's packages, and two frameworks of agents."""

import service

service.start_tracing()
service.instrument_http()

name = service.scenario()
if name.startswith("agents-sdk"):
    import agents

    # It would send its own traces away.
    agents.set_trace_processors([])

import openlit

openlit.init(service_name="support-api", disable_metrics=True)

import agent_runs
import bedrock_calls
import gemini_calls

every = {**gemini_calls.SCENARIOS, **bedrock_calls.SCENARIOS, **agent_runs.SCENARIOS}
with service.request():
    every[name]()
