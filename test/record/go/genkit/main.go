// Genkit for Go in a service, with its own spans: the usage stands in the JSON of the answer.
package main

import (
	"context"
	"log"
	"os"
	"strings"

	"github.com/firebase/genkit/go/ai"
	"github.com/firebase/genkit/go/genkit"
	"github.com/firebase/genkit/go/plugins/anthropic"
	"github.com/firebase/genkit/go/plugins/compat_oai/openai"
	"github.com/firebase/genkit/go/plugins/googlegenai"
	"github.com/openai/openai-go/option"
	"go.opentelemetry.io/otel"
	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/exporters/otlp/otlptrace/otlptracehttp"
	"go.opentelemetry.io/otel/sdk/resource"
	sdktrace "go.opentelemetry.io/otel/sdk/trace"
	"go.opentelemetry.io/otel/trace"
)

const system = "You answer questions about the weather."
const question = "What is the weather?"

func main() {
	scenario := os.Args[1]
	server := os.Getenv("MODEL_SERVER")
	// Its plugin for Gemini takes no address but this one.
	os.Setenv("GOOGLE_GEMINI_BASE_URL", server)

	ctx := context.Background()
	exporter, err := otlptracehttp.New(ctx)
	if err != nil {
		log.Fatal(err)
	}
	provider := sdktrace.NewTracerProvider(
		// One body with everything in it: nothing is sent before the end.
		sdktrace.WithBatcher(exporter, sdktrace.WithBatchTimeout(600_000_000_000)),
		sdktrace.WithResource(resource.NewSchemaless(
			attribute.String("service.name", "support-api"),
			attribute.String("service.version", "1.42.0"),
			attribute.String("deployment.environment.name", "prod"),
		)),
	)
	otel.SetTracerProvider(provider)

	models := genkit.Init(ctx, genkit.WithPlugins(
		&openai.OpenAI{APIKey: "sk-planned", Opts: []option.RequestOption{option.WithBaseURL(server + "/v1")}},
		&anthropic.Anthropic{APIKey: "sk-planned", BaseURL: server},
		&googlegenai.GoogleAI{APIKey: "planned"},
	))
	weather := genkit.DefineTool(models, "get_weather", "Weather of a city",
		func(_ *ai.ToolContext, input struct {
			City string `json:"city"`
		}) (string, error) {
			return "clear in " + input.City, nil
		})

	answer := genkit.DefineFlow(models, "answer", func(ctx context.Context, _ string) (string, error) {
		if scenario == "embeddings" {
			_, err := genkit.Embed(ctx, models, ai.WithEmbedderName("openai/text-embedding-3-small"),
				ai.WithTextDocs(question))
			return "embedded", err
		}
		options := []ai.GenerateOption{
			ai.WithModelName(modelOf(scenario)), ai.WithSystem(system), ai.WithPrompt(question),
		}
		if strings.HasPrefix(scenario, "anthropic") {
			options = append(options, ai.WithConfig(map[string]any{"max_tokens": 1024}))
		}
		if strings.Contains(scenario, "loop") {
			options = append(options, ai.WithTools(weather))
		}
		if strings.HasSuffix(scenario, "stream") {
			options = append(options, ai.WithStreaming(func(context.Context, *ai.ModelResponseChunk) error {
				return nil
			}))
		}
		response, err := genkit.Generate(ctx, models, options...)
		if err != nil {
			return "", err
		}
		return response.Text(), nil
	})

	ctx, span := otel.Tracer("support-api").Start(ctx, "POST /answer",
		trace.WithSpanKind(trace.SpanKindServer),
		trace.WithAttributes(
			attribute.String("http.request.method", "POST"),
			attribute.String("http.route", "/answer"),
			attribute.String("app.feature", "weather"),
			attribute.String("user.id", "u-1"),
		))
	if _, err := answer.Run(ctx, "u-1"); err != nil { // the service would answer 500
		log.Print(err)
	}
	span.End()
	if err := provider.Shutdown(ctx); err != nil {
		log.Fatal(err)
	}
}

func modelOf(scenario string) string {
	switch {
	case strings.HasPrefix(scenario, "anthropic"):
		return "anthropic/claude-sonnet-4-5"
	case strings.HasPrefix(scenario, "gemini"):
		return "googleai/gemini-2.5-flash"
	default:
		return "openai/gpt-4.1-mini"
	}
}
