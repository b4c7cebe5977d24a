package record;

import com.openai.client.OpenAIClient;
import com.openai.client.okhttp.OpenAIOkHttpClient;
import com.openai.core.JsonValue;
import com.openai.models.FunctionDefinition;
import com.openai.models.FunctionParameters;
import com.openai.models.chat.completions.ChatCompletionCreateParams;
import com.openai.models.chat.completions.ChatCompletionFunctionTool;
import com.openai.models.chat.completions.ChatCompletionStreamOptions;
import com.openai.models.chat.completions.ChatCompletionToolMessageParam;
import com.openai.models.embeddings.EmbeddingCreateParams;
import com.openai.models.responses.ResponseCreateParams;
import io.opentelemetry.api.GlobalOpenTelemetry;
import io.opentelemetry.api.trace.SpanKind;
import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.http.Protocol;
import software.amazon.awssdk.http.nio.netty.NettyNioAsyncHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.bedrockruntime.BedrockRuntimeAsyncClient;
import software.amazon.awssdk.services.bedrockruntime.BedrockRuntimeClient;
import software.amazon.awssdk.services.bedrockruntime.model.ContentBlock;
import software.amazon.awssdk.services.bedrockruntime.model.ConversationRole;
import software.amazon.awssdk.services.bedrockruntime.model.ConverseStreamResponseHandler;
import software.amazon.awssdk.services.bedrockruntime.model.Message;

/** A service with OpenAI's and Amazon's clients, of which OpenTelemetry's agent for Java tells. */
public class Service {
  static final String MODEL = "gpt-5-mini";
  static final String CLAUDE = "us.anthropic.claude-sonnet-4-5-20250929-v1:0";
  static final String SYSTEM = "You answer questions about the weather.";
  static final String QUESTION = "What is the weather?";

  static final OpenAIClient client =
      OpenAIOkHttpClient.builder()
          .apiKey("sk-planned")
          .baseUrl(System.getenv("MODEL_SERVER") + "/v1")
          .build();

  public static void main(String[] args) {
    var span =
        GlobalOpenTelemetry.getTracer("support-api")
            .spanBuilder("POST /answer")
            .setSpanKind(SpanKind.SERVER)
            .setAttribute("http.request.method", "POST")
            .setAttribute("http.route", "/answer")
            .setAttribute("app.feature", "weather")
            .setAttribute("user.id", "u-1")
            .startSpan();
    try (var scope = span.makeCurrent()) {
      answer(args[0]);
    } catch (RuntimeException error) { // the service would answer 500
      System.err.println(error);
    }
    span.end();
    // The agent sends what is left when the program ends.
    System.exit(0);
  }

  private static void answer(String scenario) {
    if (scenario.startsWith("bedrock")) {
      bedrock(scenario);
    } else if (scenario.equals("embeddings")) {
      client
          .embeddings()
          .create(
              EmbeddingCreateParams.builder()
                  .model("text-embedding-3-small")
                  .input(QUESTION)
                  .build());
    } else if (scenario.startsWith("responses")) {
      client.responses().create(ResponseCreateParams.builder().model(MODEL).input(QUESTION).build());
    } else if (scenario.contains("stream")) {
      var asked = chat();
      if (!scenario.endsWith("nousage")) {
        asked.streamOptions(ChatCompletionStreamOptions.builder().includeUsage(true).build());
      }
      try (var stream = client.chat().completions().createStreaming(asked.build())) {
        stream.stream().forEach(piece -> {});
      }
    } else {
      toolLoop(scenario.contains("loop"));
    }
  }

  private static void bedrock(String scenario) {
    var server = URI.create(System.getenv("MODEL_SERVER"));
    var credentials =
        StaticCredentialsProvider.create(AwsBasicCredentials.create("planned", "planned"));
    var message =
        Message.builder().role(ConversationRole.USER).content(ContentBlock.fromText(QUESTION)).build();
    if (scenario.endsWith("stream")) {
      var streaming =
          BedrockRuntimeAsyncClient.builder()
              .endpointOverride(server)
              .credentialsProvider(credentials)
              .region(Region.US_EAST_1)
              // The model server speaks no HTTP/2.
              .httpClientBuilder(NettyNioAsyncHttpClient.builder().protocol(Protocol.HTTP1_1))
              .build();
      var handler = ConverseStreamResponseHandler.builder().subscriber(event -> {}).build();
      CompletableFuture<Void> answered =
          streaming.converseStream(asked -> asked.modelId(CLAUDE).messages(message), handler);
      answered.join();
      return;
    }
    var runtime =
        BedrockRuntimeClient.builder()
            .endpointOverride(server)
            .credentialsProvider(credentials)
            .region(Region.US_EAST_1)
            .build();
    if (scenario.endsWith("invoke")) {
      var body =
          """
          {"anthropic_version": "bedrock-2023-05-31", "max_tokens": 512,
          "messages": [{"role": "user", "content": "%s"}]}"""
              .formatted(QUESTION);
      runtime.invokeModel(asked -> asked.modelId(CLAUDE).body(SdkBytes.fromUtf8String(body)));
    } else {
      runtime.converse(asked -> asked.modelId(CLAUDE).messages(message));
    }
  }

  private static ChatCompletionCreateParams.Builder chat() {
    return ChatCompletionCreateParams.builder()
        .model(MODEL)
        .addSystemMessage(SYSTEM)
        .addUserMessage(QUESTION);
  }

  private static void toolLoop(boolean tools) {
    var asked = chat();
    if (tools) asked.addTool(weather());
    while (true) {
      var message = client.chat().completions().create(asked.build()).choices().get(0).message();
      var calls = message.toolCalls().orElse(List.of());
      if (calls.isEmpty()) return;
      asked.addMessage(message);
      for (var call : calls) {
        asked.addMessage(
            ChatCompletionToolMessageParam.builder()
                .toolCallId(call.asFunction().id())
                .content("clear")
                .build());
      }
    }
  }

  private static ChatCompletionFunctionTool weather() {
    var parameters =
        FunctionParameters.builder()
            .putAdditionalProperty("type", JsonValue.from("object"))
            .putAdditionalProperty(
                "properties", JsonValue.from(Map.of("city", Map.of("type", "string"))))
            .build();
    return ChatCompletionFunctionTool.builder()
        .function(
            FunctionDefinition.builder()
                .name("get_weather")
                .description("Weather of a city")
                .parameters(parameters)
                .build())
        .build();
  }
}
