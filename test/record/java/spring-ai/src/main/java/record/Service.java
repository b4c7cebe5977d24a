package record;

import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationRegistry;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import org.springframework.ai.chat.client.ChatClient;
import org.springframework.ai.chat.model.ChatModel;
import org.springframework.ai.embedding.EmbeddingModel;
import org.springframework.ai.tool.annotation.Tool;
import org.springframework.beans.factory.BeanFactory;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;

/** Spring AI in a Spring Boot service: a model through its ChatClient, with the spans that Micrometer makes of it. */
@SpringBootApplication
public class Service {
  static final String SYSTEM = "You answer questions about the weather.";
  static final String QUESTION = "What is the weather?";

  static class Weather {
    @Tool(name = "get_weather", description = "Weather of a city")
    String getWeather(String city) {
      return "clear in " + city;
    }
  }

  public static void main(String[] args) {
    var scenario = args[0];
    var provider = scenario.startsWith("anthropic") ? "anthropic" : "openai";
    var service = new SpringApplication(Service.class);
    service.setDefaultProperties(Map.of("spring.ai.model.chat", provider));
    try (var context = service.run()) {
      Observation.createNotStarted("answer", context.getBean(ObservationRegistry.class))
          .lowCardinalityKeyValue("app.feature", "weather")
          .highCardinalityKeyValue("user.id", "u-1")
          .observe(() -> answer(scenario, context));
    } catch (RuntimeException error) { // the service would answer 500
      System.err.println(error);
    }
    // Clients of streams leave threads behind.
    System.exit(0);
  }

  private static void answer(String scenario, BeanFactory beans) {
    if (scenario.equals("embeddings")) {
      beans.getBean(EmbeddingModel.class).embed(QUESTION);
      return;
    }
    var model = beans.getBean(ChatModel.class);
    var client = ChatClient.create(model, beans.getBean(ObservationRegistry.class));
    var prompt = client.prompt().system(SYSTEM).user(QUESTION);
    if (scenario.contains("loop")) prompt.tools(new Weather());
    if (scenario.contains("stream")) {
      prompt.stream().content().blockLast();
      // The spans of a stream end after its last word.
      LockSupport.parkNanos(1_000_000_000);
    } else {
      prompt.call().content();
    }
  }
}
