package telemetry

import (
	"bytes"
	"context"
	"errors"
	"net"
	"strings"
	"sync"
	"testing"

	"github.com/rs/zerolog"
	collector "go.opentelemetry.io/proto/otlp/collector/trace/v1"
	"google.golang.org/grpc"
)

// sink is an OTLP/gRPC endpoint that keeps what it is sent.
type sink struct {
	collector.UnimplementedTraceServiceServer

	mu       sync.Mutex
	requests []*collector.ExportTraceServiceRequest
}

func (s *sink) Export(
	_ context.Context, request *collector.ExportTraceServiceRequest,
) (*collector.ExportTraceServiceResponse, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.requests = append(s.requests, request)
	return &collector.ExportTraceServiceResponse{}, nil
}

func TestShutdownFlushesSpansWithTheirResourceToTheEndpointOfTheEnvironment(t *testing.T) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	received := &sink{}
	server := grpc.NewServer()
	collector.RegisterTraceServiceServer(server, received)
	go func() { _ = server.Serve(listener) }()
	defer server.Stop()

	t.Setenv("OTEL_EXPORTER_OTLP_ENDPOINT", "http://"+listener.Addr().String())
	t.Setenv("OTEL_RESOURCE_ATTRIBUTES", "deployment.environment.name=staging,team=tea")
	provider, err := Start(t.Context(), Identity{"order-service", "1.2.3", "demo"}, zerolog.Nop())
	if err != nil {
		t.Fatal(err)
	}
	_, span := provider.Tracer(ScopeName).Start(t.Context(), "probe")
	span.End()
	if err := provider.Shutdown(t.Context()); err != nil {
		t.Fatal(err)
	}

	received.mu.Lock()
	defer received.mu.Unlock()
	if len(received.requests) != 1 || len(received.requests[0].ResourceSpans) != 1 {
		t.Fatalf("received %v", received.requests)
	}
	resourceSpans := received.requests[0].ResourceSpans[0]
	if name := resourceSpans.ScopeSpans[0].Spans[0].Name; name != "probe" {
		t.Errorf("span %q", name)
	}
	attributes := map[string]string{}
	for _, kv := range resourceSpans.Resource.Attributes {
		attributes[kv.Key] = kv.Value.GetStringValue()
	}
	for key, want := range map[string]string{
		"service.name": "order-service", "service.version": "1.2.3", "team": "tea",
		"deployment.environment.name": "staging", // the environment variable wins
		"telemetry.sdk.language":      "go",
	} {
		if attributes[key] != want {
			t.Errorf("resource attribute %s is %q, want %q", key, attributes[key], want)
		}
	}
}

func TestExportErrorsAreLoggedOncePerInterval(t *testing.T) {
	logged := &bytes.Buffer{}
	handler := &exportErrors{log: zerolog.New(logged)}
	for range 5 {
		handler.Handle(errors.New("refused"))
	}
	handler.loggedAt = handler.loggedAt.Add(-exportErrorInterval)
	handler.Handle(errors.New("refused"))
	lines := strings.Split(strings.TrimSpace(logged.String()), "\n")
	if len(lines) != 2 || !strings.Contains(lines[1], `"kept_back":4`) {
		t.Errorf("logged %q", lines)
	}
}
