package record;

import dev.langchain4j.agent.tool.Tool;
import dev.langchain4j.model.embedding.EmbeddingModel;
import dev.langchain4j.service.SystemMessage;
import dev.langchain4j.service.UserMessage;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.Tracer;
import io.opentelemetry.context.Scope;
import io.quarkiverse.langchain4j.RegisterAiService;
import io.quarkiverse.langchain4j.ToolBox;
import io.quarkus.runtime.QuarkusApplication;
import io.quarkus.runtime.annotations.QuarkusMain;
import io.smallrye.mutiny.Multi;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.context.control.ActivateRequestContext;
import jakarta.inject.Inject;

/** LangChain4j in a Quarkus service: an AI service, with the spans that Quarkus makes of it. */
@QuarkusMain
public class Service implements QuarkusApplication {
  static final String SYSTEM = "You answer questions about the weather.";
  static final String QUESTION = "What is the weather?";

  @ApplicationScoped
  static class Weather {
    @Tool(name = "get_weather", value = "Weather of a city")
    String getWeather(String city) {
      return "clear in " + city;
    }
  }

  @RegisterAiService
  interface Weatherman {
    @SystemMessage(SYSTEM)
    String answer(@UserMessage String question);

    @SystemMessage(SYSTEM)
    @ToolBox(Weather.class)
    String answerWithTools(@UserMessage String question);

    @SystemMessage(SYSTEM)
    Multi<String> stream(@UserMessage String question);
  }

  @Inject Weatherman weatherman;
  @Inject EmbeddingModel embeddings;
  @Inject Tracer tracer;

  @Override
  @ActivateRequestContext
  public int run(String... args) {
    var span = tracer.spanBuilder("POST /answer").setSpanKind(SpanKind.SERVER).startSpan();
    span.setAttribute("app.feature", "weather").setAttribute("user.id", "u-1");
    try (Scope inside = span.makeCurrent()) {
      answer(args[0]);
    } catch (RuntimeException error) { // the service would answer 500
      System.err.println(error);
    } finally {
      span.end();
    }
    return 0;
  }

  private void answer(String scenario) {
    if (scenario.equals("embeddings")) {
      embeddings.embed(QUESTION);
    } else if (scenario.contains("loop")) {
      weatherman.answerWithTools(QUESTION);
    } else if (scenario.contains("stream")) {
      weatherman.stream(QUESTION).collect().asList().await().indefinitely();
    } else {
      weatherman.answer(QUESTION);
    }
  }
}
