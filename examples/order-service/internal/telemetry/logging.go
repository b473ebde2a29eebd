package telemetry

import (
	"context"
	"io"
	"regexp"
	"time"

	"github.com/rs/zerolog"
	"go.opentelemetry.io/otel/trace"
)

// foreignTraceID is what an X-Trace-ID request header may hold: 32 hex digits, or a UUID.
var foreignTraceID = regexp.MustCompile(
	`^(?:[0-9a-fA-F]{32}|[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12})$`)

type foreignTraceIDKey struct{}

// WithForeignTraceID returns a context whose log lines carry the caller's own id; an id of another form is left out.
func WithForeignTraceID(ctx context.Context, id string) context.Context {
	if !foreignTraceID.MatchString(id) {
		return ctx
	}
	return context.WithValue(ctx, foreignTraceIDKey{}, id)
}

// NewLogger writes JSON lines. A line that is given a context by Ctx carries that context's trace_id and span_id.
func NewLogger(out io.Writer, serviceName string) zerolog.Logger {
	zerolog.TimeFieldFormat = time.RFC3339Nano
	return zerolog.New(out).Hook(zerolog.HookFunc(addIDs)).With().Timestamp().Str("service", serviceName).Logger()
}

func addIDs(event *zerolog.Event, _ zerolog.Level, _ string) {
	ctx := event.GetCtx()
	if span := trace.SpanContextFromContext(ctx); span.IsValid() {
		event.Str("trace_id", span.TraceID().String()).Str("span_id", span.SpanID().String())
	}
	if id, ok := ctx.Value(foreignTraceIDKey{}).(string); ok {
		event.Str("x_trace_id", id)
	}
}
