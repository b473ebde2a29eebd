// Package telemetry sets up the OpenTelemetry SDK and the logs that belong to its spans.
package telemetry

import (
	"context"
	"crypto/rand"
	"encoding/hex"
	"fmt"
	"os"
	"sync"
	"time"

	"github.com/rs/zerolog"
	"go.opentelemetry.io/otel"
	"go.opentelemetry.io/otel/codes"
	"go.opentelemetry.io/otel/exporters/otlp/otlptrace/otlptracegrpc"
	"go.opentelemetry.io/otel/propagation"
	"go.opentelemetry.io/otel/sdk/resource"
	sdktrace "go.opentelemetry.io/otel/sdk/trace"
	"go.opentelemetry.io/otel/trace"

	semconv "go.opentelemetry.io/otel/semconv/v1.43.0"
)

const (
	// ScopeName is the instrumentation scope of every span of this service.
	ScopeName = "spanweir.example/order-service"
	// endpointDefault is where Spanweir listens for OTLP/gRPC on the same machine.
	endpointDefault = "http://127.0.0.1:4317"
	// queueSpansDefault lets a burst of some thousand requests wait for the exporter; the SDK's own 2048 would drop it.
	queueSpansDefault = 1 << 15
	// exportErrorInterval keeps a collector that is away from filling the log.
	exportErrorInterval = 10 * time.Second
)

// Identity is what the resource of every span says about this process.
// OTEL_SERVICE_NAME and OTEL_RESOURCE_ATTRIBUTES win over it.
type Identity struct {
	ServiceName    string
	ServiceVersion string
	Environment    string
}

// Start builds a provider that exports by OTLP/gRPC in batches, and makes it and W3C propagation the global ones.
// The OTEL_EXPORTER_OTLP_*, OTEL_BSP_* and OTEL_TRACES_SAMPLER variables apply. A collector that is away is no error.
func Start(ctx context.Context, identity Identity, log zerolog.Logger) (*sdktrace.TracerProvider, error) {
	otel.SetErrorHandler(&exportErrors{log: log})
	otel.SetTextMapPropagator(propagation.NewCompositeTextMapPropagator(propagation.TraceContext{}, propagation.Baggage{}))

	var exporterOptions []otlptracegrpc.Option
	if os.Getenv("OTEL_EXPORTER_OTLP_ENDPOINT") == "" && os.Getenv("OTEL_EXPORTER_OTLP_TRACES_ENDPOINT") == "" {
		exporterOptions = append(exporterOptions, otlptracegrpc.WithEndpointURL(endpointDefault))
	}
	exporter, err := otlptracegrpc.New(ctx, exporterOptions...)
	if err != nil {
		return nil, fmt.Errorf("OTLP exporter: %w", err)
	}
	described, err := describe(ctx, identity)
	if err != nil {
		return nil, fmt.Errorf("resource attributes: %w", err)
	}
	var batchOptions []sdktrace.BatchSpanProcessorOption
	if os.Getenv("OTEL_BSP_MAX_QUEUE_SIZE") == "" {
		batchOptions = append(batchOptions, sdktrace.WithMaxQueueSize(queueSpansDefault))
	}
	provider := sdktrace.NewTracerProvider(
		sdktrace.WithResource(described),
		sdktrace.WithBatcher(exporter, batchOptions...))
	otel.SetTracerProvider(provider)
	return provider, nil
}

func describe(ctx context.Context, identity Identity) (*resource.Resource, error) {
	var instance [8]byte
	rand.Read(instance[:]) // never fails, says crypto/rand
	return resource.New(ctx,
		resource.WithTelemetrySDK(),
		resource.WithHost(),
		resource.WithAttributes(
			semconv.ServiceName(identity.ServiceName),
			semconv.ServiceVersion(identity.ServiceVersion),
			semconv.ServiceInstanceID(hex.EncodeToString(instance[:])),
			semconv.DeploymentEnvironmentNameKey.String(identity.Environment)),
		resource.WithFromEnv())
}

// Fail marks a span as failed: status Error, an exception event, and error.type.
func Fail(span trace.Span, err error, errorType string) {
	span.RecordError(err)
	span.SetStatus(codes.Error, err.Error())
	span.SetAttributes(semconv.ErrorTypeKey.String(errorType))
}

// exportErrors logs the errors of the SDK, one in each interval, and counts those it kept back.
type exportErrors struct {
	log zerolog.Logger

	mu       sync.Mutex
	loggedAt time.Time
	keptBack int
}

// Handle implements otel.ErrorHandler.
func (e *exportErrors) Handle(err error) {
	e.mu.Lock()
	defer e.mu.Unlock()
	now := time.Now()
	if !e.loggedAt.IsZero() && now.Sub(e.loggedAt) < exportErrorInterval {
		e.keptBack++
		return
	}
	e.log.Warn().Err(err).Int("kept_back", e.keptBack).Msg("trace export failed")
	e.loggedAt, e.keptBack = now, 0
}
