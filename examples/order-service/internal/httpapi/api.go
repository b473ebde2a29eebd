// Package httpapi is the HTTP face of the service: orders, health, knobs, metrics and profiles.
package httpapi

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/pprof"
	"time"

	"github.com/rs/zerolog"
	"go.opentelemetry.io/otel/trace"

	"spanweir.example/order-service/internal/demo"
	"spanweir.example/order-service/internal/orders"
)

// bodyBytesMax bounds what a request may send.
const bodyBytesMax = 64 << 10

// API answers HTTP requests. Safe for use by many goroutines.
type API struct {
	Service        *orders.Service
	Knobs          *demo.Knobs
	Metrics        *Metrics
	Tracer         trace.Tracer
	Log            zerolog.Logger
	RequestTimeout time.Duration
}

// Handler routes requests. Only the order routes are traced: probes and scrapes would drown them.
func (a *API) Handler() http.Handler {
	mux := http.NewServeMux()
	mux.Handle("POST /orders", a.traced("/orders", a.submit))
	mux.Handle("GET /orders/{id}", a.traced("/orders/{id}", a.find))
	mux.HandleFunc("GET /healthz", a.healthz)
	mux.HandleFunc("GET /knobs", a.showKnobs)
	mux.HandleFunc("POST /knobs", a.turnKnobs)
	mux.Handle("GET /metrics", a.Metrics.Handler())
	mux.HandleFunc("/debug/pprof/", pprof.Index)
	mux.HandleFunc("/debug/pprof/cmdline", pprof.Cmdline)
	mux.HandleFunc("/debug/pprof/profile", pprof.Profile)
	mux.HandleFunc("/debug/pprof/symbol", pprof.Symbol)
	mux.HandleFunc("/debug/pprof/trace", pprof.Trace)
	return mux
}

// answer is the body of an order route: the order or the error, and always the trace.
type answer struct {
	*orders.Order
	Error     string      `json:"error,omitempty"`
	ErrorType orders.Kind `json:"error_type,omitempty"`
	TraceID   string      `json:"trace_id"`
}

func (a *API) submit(ctx context.Context, r *http.Request) (orders.Order, int, error) {
	startedAt := time.Now()
	order, err := a.decodeAndSubmit(ctx, r)
	a.Metrics.observeSubmit(ctx, time.Since(startedAt), err)
	return order, http.StatusCreated, err
}

func (a *API) decodeAndSubmit(ctx context.Context, r *http.Request) (orders.Order, error) {
	var request orders.Request
	if err := decode(r.Body, &request); err != nil {
		return orders.Order{}, &orders.Failure{Kind: orders.KindValidation, Err: err}
	}
	return a.Service.Submit(ctx, request)
}

func (a *API) find(ctx context.Context, r *http.Request) (orders.Order, int, error) {
	order, err := a.Service.Find(ctx, r.PathValue("id"))
	return order, http.StatusOK, err
}

// statusOf maps a failure to what HTTP calls it.
func statusOf(kind orders.Kind) int {
	switch kind {
	case orders.KindValidation, orders.KindOutOfStock:
		return http.StatusUnprocessableEntity
	case orders.KindNotFound:
		return http.StatusNotFound
	}
	return http.StatusInternalServerError
}

func (a *API) healthz(w http.ResponseWriter, _ *http.Request) {
	a.write(w, http.StatusOK, map[string]string{"status": "ok"})
}

func (a *API) showKnobs(w http.ResponseWriter, _ *http.Request) {
	a.write(w, http.StatusOK, a.Knobs.Values())
}

// turnKnobs changes the knobs that the body names and leaves the others.
func (a *API) turnKnobs(w http.ResponseWriter, r *http.Request) {
	values, err := a.Knobs.Change(func(values *demo.Values) error { return decode(r.Body, values) })
	if err != nil {
		a.write(w, http.StatusBadRequest, map[string]string{"error": err.Error()})
		return
	}
	a.Log.Info().Interface("knobs", values).Msg("knobs turned")
	a.write(w, http.StatusOK, values)
}

// decode reads one JSON object without fields of other names.
func decode(body io.Reader, value any) error {
	limited := &io.LimitedReader{R: body, N: bodyBytesMax + 1}
	decoder := json.NewDecoder(limited)
	decoder.DisallowUnknownFields()
	err := decoder.Decode(value)
	if err == nil {
		if _, extra := decoder.Token(); !errors.Is(extra, io.EOF) {
			err = errors.New("something follows the object")
		}
	}
	if limited.N <= 0 {
		return fmt.Errorf("the body must be at most %d bytes", bodyBytesMax)
	}
	if err != nil {
		return fmt.Errorf("the body must be one JSON object: %w", err)
	}
	return nil
}

func (a *API) write(w http.ResponseWriter, status int, body any) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	if err := json.NewEncoder(w).Encode(body); err != nil {
		a.Log.Warn().Err(err).Msg("answer could not be written")
	}
}
