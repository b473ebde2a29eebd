package httpapi

import (
	"context"
	"fmt"
	"net"
	"net/http"
	"runtime/debug"
	"strconv"
	"time"

	"github.com/rs/zerolog"
	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/propagation"
	"go.opentelemetry.io/otel/trace"

	semconv "go.opentelemetry.io/otel/semconv/v1.43.0"

	"spanweir.example/order-service/internal/demo"
	"spanweir.example/order-service/internal/orders"
	"spanweir.example/order-service/internal/telemetry"
)

// TraceIDHeader names the trace: in a request the caller's own id, which is logged; in the answer the real one.
const TraceIDHeader = "X-Trace-ID"

var propagator = propagation.NewCompositeTextMapPropagator(propagation.TraceContext{}, propagation.Baggage{})

// orderHandler answers an order route: the order with the status of success, or an error.
type orderHandler func(ctx context.Context, r *http.Request) (orders.Order, int, error)

// traced gives a route its server span, its plan, its time limit, its log line and its X-Trace-ID.
func (a *API) traced(route string, handle orderHandler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		startedAt := time.Now()
		ctx := propagator.Extract(r.Context(), propagation.HeaderCarrier(r.Header))
		ctx = telemetry.WithForeignTraceID(ctx, r.Header.Get(TraceIDHeader))
		ctx, span := a.Tracer.Start(ctx, r.Method+" "+route,
			trace.WithSpanKind(trace.SpanKindServer),
			trace.WithAttributes(requestAttributes(r, route)...))
		defer span.End()

		order, status, err := a.attempt(ctx, r, handle)
		body := answer{Order: &order, TraceID: span.SpanContext().TraceID().String()}
		if err != nil {
			kind := orders.KindOf(err)
			status = statusOf(kind)
			body.Order, body.Error, body.ErrorType = nil, err.Error(), kind
			if kind != orders.KindNotFound {
				telemetry.Fail(span, err, string(kind))
			}
		}
		span.SetAttributes(semconv.HTTPResponseStatusCode(status))
		a.logRequest(ctx, r, route, status, time.Since(startedAt), err)
		w.Header().Set(TraceIDHeader, body.TraceID)
		a.write(w, status, body)
	})
}

// attempt runs a handler under its plan and time limit, and turns a panic into an error.
func (a *API) attempt(
	ctx context.Context, r *http.Request, handle orderHandler,
) (order orders.Order, status int, err error) {
	defer func() {
		if cause := recover(); cause != nil {
			err = &orders.Failure{Kind: orders.KindInternal, Err: fmt.Errorf("panic: %v", cause)}
			a.Log.Error().Ctx(ctx).Bytes("stack", debug.Stack()).Err(err).Msg("request panicked")
		}
	}()
	plan, err := a.Knobs.Plan(r.Header)
	if err != nil {
		return orders.Order{}, 0, &orders.Failure{Kind: orders.KindValidation, Err: err}
	}
	ctx, cancel := context.WithTimeout(demo.WithPlan(ctx, plan), a.RequestTimeout)
	defer cancel()
	return handle(ctx, r)
}

func (a *API) logRequest(
	ctx context.Context, r *http.Request, route string, status int, took time.Duration, err error,
) {
	level := zerolog.InfoLevel
	if err != nil {
		level = zerolog.ErrorLevel
		if status < http.StatusInternalServerError {
			level = zerolog.WarnLevel
		}
	}
	event := a.Log.WithLevel(level).Ctx(ctx)
	if err != nil {
		event = event.Err(err).Str("error_type", string(orders.KindOf(err)))
	}
	event.Str("method", r.Method).
		Str("route", route).
		Int("status", status).
		Float64("duration_ms", float64(took.Microseconds())/1000).
		Msg("request handled")
}

func requestAttributes(r *http.Request, route string) []attribute.KeyValue {
	attributes := []attribute.KeyValue{
		semconv.HTTPRequestMethodKey.String(r.Method),
		semconv.HTTPRoute(route),
		semconv.URLPath(r.URL.Path),
		semconv.URLScheme("http"),
		semconv.NetworkProtocolVersion(strconv.Itoa(r.ProtoMajor) + "." + strconv.Itoa(r.ProtoMinor)),
	}
	host, port, err := net.SplitHostPort(r.Host)
	if err != nil {
		host = r.Host // no port was named
	}
	attributes = append(attributes, semconv.ServerAddress(host))
	if number, err := strconv.Atoi(port); err == nil {
		attributes = append(attributes, semconv.ServerPort(number))
	}
	if client, _, err := net.SplitHostPort(r.RemoteAddr); err == nil {
		attributes = append(attributes, semconv.ClientAddress(client))
	}
	if agent := r.UserAgent(); agent != "" {
		attributes = append(attributes, semconv.UserAgentOriginal(agent))
	}
	return attributes
}
