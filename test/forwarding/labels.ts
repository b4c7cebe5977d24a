/**
 * The attributes of the recorded emitters, with text in them, that hold names, ids, counts and other labels; digits are `N`.
 *
 * Each was looked at. Whatever else an emitter writes as text is taken for content: when it is stripped, a secret in it
 * must not go on.
 */
export const labels: ReadonlySet<string> = new Set(
  `
  agN.span.type agent.name agent_id agent_key agent_loop.cycle_id agent_name agent_trace_id
  agno.agent agno.agent.id agno.run.id agno.team agno.team.id ai.model.id ai.model.provider
  ai.operationId ai.request.headers.User-Agent ai.request.headers.X-Session-Id
  ai.request.headers.user-agent ai.response.finishReason ai.response.id ai.response.model
  ai.response.timestamp ai.telemetry.functionId ai.telemetry.metadata.feature
  ai.telemetry.metadata.sessionId ai.telemetry.metadata.userId ai.toolCall.id ai.toolCall.name
  anthropic.mcp.server.name anthropic.message.stop_reason anthropic.provider anthropic.request.id
  anthropic.response.service_tier anthropic.thinking.type api.path app.feature
  app_server.api_version app_server.client_name app_server.client_version app_server.connection_id
  aws.request_id az.client_request_id batch_size call_id call_type client.name cloud.region
  code.filepath code.function code.function.name component conversation.id conversation.type crew_id
  crew_key crewai.agent.id crewai.agent.role crewai.crew.id crewai.crew.name
  crewai.crew.usage_metrics crewai.task.agent crewai.task.id decision deployment.environment
  deployment.environment.name edge_group.delivery_status edge_group.id edge_group.type
  embedding.model_name env error.code error.llm_provider error.type event_loop.cycle_id
  event_loop.parent_cycle_id exception.escaped exception.type executor.id executor.type
  finish_reason from gcp.vertex.agent.event_id gcp.vertex.agent.invocation_id
  gcp.vertex.agent.session_id gen_ai.agent.call.id gen_ai.agent.id gen_ai.agent.name
  gen_ai.application_name gen_ai.completion.N.role gen_ai.conversation.id gen_ai.environment
  gen_ai.event.end_time gen_ai.event.start_time gen_ai.graph.status gen_ai.openai.api_base
  gen_ai.openai.response.service_tier gen_ai.openai.response.system_fingerprint
  gen_ai.operation.name gen_ai.output.type gen_ai.prompt.N.role gen_ai.prompt.name
  gen_ai.provider.name gen_ai.request.base_url gen_ai.request.encoding_formats gen_ai.request.model
  gen_ai.request.user gen_ai.response.finish_reason gen_ai.response.finish_reasons
  gen_ai.response.id gen_ai.response.model gen_ai.response.service_tier
  gen_ai.response.system_fingerprint gen_ai.sdk.version gen_ai.system gen_ai.task.id
  gen_ai.task.name gen_ai.task.parent.id gen_ai.task.status gen_ai.tool.call.id gen_ai.tool.name
  gen_ai.tool.status gen_ai.tool.type gen_ai.usage.input_token_details
  gen_ai.usage.output_token_details gen_ai.usage.raw gen_ai.workflow.name genkit:metadata:flow:name
  genkit:metadata:subtype genkit:name genkit:path genkit:state genkit:type github.copilot.agent.type
  github.copilot.initiator github.copilot.interaction_id github.copilot.turn_id graph.node.id
  graph.node.name graph.node.parent_id group_id host host.arch host.id host.name http.method
  http.request.header.x-stainless-retry-count http.request.method http.request.method_original
  http.response.header.retry-after-ms http.response.header.x-request-id http.route http.target
  http.url id input.mime_type input_type langfuse.environment
  langfuse.observation.completion_start_time langfuse.observation.cost_details
  langfuse.observation.level langfuse.observation.metadata.finish_reason
  langfuse.observation.metadata.id langfuse.observation.metadata.service_tier
  langfuse.observation.metadata.status langfuse.observation.model.name langfuse.observation.type
  langfuse.observation.usage_details langfuse.release langfuse.trace.metadata.feature
  langfuse.trace.name langfuse.trace.tags langsmith.metadata.LANGSMITH_OTEL_ENABLED
  langsmith.metadata.LANGSMITH_OTEL_ONLY langsmith.metadata.LANGSMITH_TRACING
  langsmith.metadata.LANGSMITH_TRACING_MODE langsmith.metadata.ls_agent_type
  langsmith.metadata.ls_invocation_params langsmith.metadata.ls_method
  langsmith.metadata.ls_model_name langsmith.metadata.ls_model_type langsmith.metadata.ls_provider
  langsmith.metadata.revision_id langsmith.metadata.usage_metadata langsmith.span.kind
  langsmith.span.tags langsmith.trace.name langsmith.trace.session_name langsmith.usage_metadata
  litellm.call_id litellm.model_group litellm.provider.model lk.agent_label lk.close_reason
  lk.fallback.label lk.function_tool.id lk.function_tool.name lk.function_tools lk.generation_id
  lk.new_state lk.old_state lk.parent_generation_id lk.speech_id llm.None.encoding_format
  llm.None.model llm.None.usage llm.anthropic.id llm.anthropic.model llm.anthropic.role
  llm.anthropic.stop_reason llm.anthropic.type llm.anthropic.usage llm.bedrock.stopReason
  llm.bedrock.usage llm.finish_reason llm.input_messages.N.message.contents.N.message_content.type
  llm.input_messages.N.message.contents.N.tool_call.id llm.input_messages.N.message.role
  llm.input_messages.N.message.tool_call_id llm.input_messages.N.message.tool_calls.N.tool_call.id
  llm.model_name llm.openai.id llm.openai.model llm.openai.service_tier
  llm.openai.system_fingerprint llm.openai.usage
  llm.output_messages.N.message.contents.N.message_content.type
  llm.output_messages.N.message.contents.N.tool_call.id llm.output_messages.N.message.role
  llm.output_messages.N.message.tool_calls.N.tool_call.id llm.provider llm.request.functions.N.name
  llm.request.model_name llm.request.type llm.response.model_name llm.system lmnr.span.ids_path
  lmnr.span.instrumentation_scope.name lmnr.span.instrumentation_scope.version
  lmnr.span.instrumentation_source lmnr.span.language_version lmnr.span.path lmnr.span.sdk_version
  lmnr.span.type logfire.exception.fingerprint logfire.span_type logfire.tags logfire.version
  mastra.completion_start_time mastra.metadata.feature mastra.metadata.headers
  mastra.metadata.modelMetadata mastra.metadata.providerMetadata mastra.metadata.runId
  mastra.metadata.sessionId mastra.metadata.toolCallId mastra.metadata.toolName
  mastra.metadata.userId mastra.span.type message.payload_type message.source_id message.target_id
  message.type messaging.destination messaging.message.type messaging.operation
  metadata.requester_ip_address metadata.routing_decision metadata.team_alias metadata.team_id
  metadata.usage_object metadata.user_agent metadata.user_api_key_alias
  metadata.user_api_key_end_user_id metadata.user_api_key_hash metadata.user_api_key_org_alias
  metadata.user_api_key_org_id metadata.user_api_key_project_alias metadata.user_api_key_project_id
  metadata.user_api_key_request_route metadata.user_api_key_team_alias metadata.user_api_key_team_id
  metadata.user_api_key_user_id method mlflow.chat.tokenUsage mlflow.spanLogLevel mlflow.spanType
  model model_id model_name name network.peer.address network.protocol.version openai.api.type
  openai.request.service_tier openai.response.service_tier openai.response.system_fingerprint
  opencode.client opencode.run openinference.span.kind openlit.agent.version_hash operation.name
  os.type os.version outcome output.mime_type output_type param.effort param.latency param.model
  param.safety_settings param.stop_sequences parent.source participant_names process.runtime.name
  process.runtime.version public_key query_source_safe recipient_agent_class recipient_agent_type
  request_id resource.name response_id retrieval.documents.N.document.id role rpc.method
  rpc.request_id rpc.service rpc.system rpc.transport sdk_span_type sender_agent_class
  sender_agent_type server.address service service.instance.id service.name service.namespace
  service.version session.id sk.available_functions smolagents.tools_names source span.type speed
  spring.ai.advisor.name spring.ai.advisor.order spring.ai.chat.client.stream spring.ai.kind
  spring.ai.tool.call.id spring.ai.tool.definition.name spring.ai.tool.type status stop_reason
  stream submission.id tag.tags target.host target.port target.scheme task_id team_id
  telemetry.distro.name telemetry.distro.version telemetry.sdk.language telemetry.sdk.name
  telemetry.sdk.version terminal.type thread.name thread_id tool.agent_role tool.id tool.name
  tool_name tool_name_safe tool_source tool_use_id traceloop.association.properties.checkpoint_ns
  traceloop.association.properties.feature traceloop.association.properties.langgraph_checkpoint_ns
  traceloop.association.properties.langgraph_node traceloop.association.properties.langgraph_path
  traceloop.association.properties.langgraph_triggers traceloop.association.properties.lc_agent_name
  traceloop.association.properties.lc_versions traceloop.association.properties.ls_integration
  traceloop.association.properties.ls_model_name traceloop.association.properties.ls_model_type
  traceloop.association.properties.ls_provider traceloop.association.properties.session_id
  traceloop.association.properties.user_id traceloop.entity.name traceloop.entity.path
  traceloop.span.kind traceloop.workflow.name tracing transport turn.id turn.type turn_id type uri
  url.full url.path url.scheme usage user.id user_agent.original webengine.name webengine.version
  wire_api workflow.id workflow.name workflow_builder.name
  `
    .trim()
    .split(/\s+/),
);
