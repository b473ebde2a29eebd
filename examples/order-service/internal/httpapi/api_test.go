package httpapi

import (
	"bytes"
	"context"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/rs/zerolog"
	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/codes"
	sdktrace "go.opentelemetry.io/otel/sdk/trace"
	"go.opentelemetry.io/otel/sdk/trace/tracetest"
	"go.opentelemetry.io/otel/trace"

	"spanweir.example/order-service/internal/demo"
	"spanweir.example/order-service/internal/orders"
	"spanweir.example/order-service/internal/storage"
	"spanweir.example/order-service/internal/telemetry"
)

const goodOrder = `{"customer_id":"c-1","customer_tier":"gold","sku":"tea-assam","quantity":2}`

// fixture is the whole service in memory, with its spans and log lines at hand.
type fixture struct {
	t       *testing.T
	handler http.Handler
	spans   *tracetest.InMemoryExporter
	log     *bytes.Buffer
	shelf   *orders.Shelf
}

func newFixture(t *testing.T) *fixture {
	t.Helper()
	spans := tracetest.NewInMemoryExporter()
	provider := sdktrace.NewTracerProvider(sdktrace.WithSyncer(spans))
	tracer := provider.Tracer(telemetry.ScopeName)
	logged := &bytes.Buffer{}
	log := telemetry.NewLogger(zerolog.SyncWriter(logged), "order-service")
	database, cache := storage.NewMemoryDatabase(tracer), storage.NewMemoryCache(tracer)
	knobs, err := demo.NewKnobs(demo.Values{DBPoolSize: 4}, 1, database.Resize)
	if err != nil {
		t.Fatal(err)
	}
	shelf := orders.NewShelf(orders.Catalogue, 50)
	api := &API{
		Service:        orders.NewService(database, cache, shelf, tracer, log),
		Knobs:          knobs,
		Metrics:        NewMetrics("order-service", database, cache),
		Tracer:         tracer,
		Log:            log,
		RequestTimeout: 10 * time.Second,
	}
	return &fixture{t: t, handler: api.Handler(), spans: spans, log: logged, shelf: shelf}
}

// send forgets earlier spans and log lines, and answers one request.
func (f *fixture) send(method, path, body string, header ...string) (*httptest.ResponseRecorder, answer) {
	f.t.Helper()
	f.spans.Reset()
	f.log.Reset()
	request := httptest.NewRequest(method, path, strings.NewReader(body))
	for i := 0; i+1 < len(header); i += 2 {
		request.Header.Set(header[i], header[i+1])
	}
	recorder := httptest.NewRecorder()
	f.handler.ServeHTTP(recorder, request)
	var body2 answer
	if strings.HasPrefix(recorder.Header().Get("Content-Type"), "application/json") {
		if err := json.Unmarshal(recorder.Body.Bytes(), &body2); err != nil {
			f.t.Fatalf("answer %q: %v", recorder.Body, err)
		}
	}
	return recorder, body2
}

func (f *fixture) spanNames() []string {
	var names []string
	for _, span := range f.spans.GetSpans() {
		names = append(names, span.Name)
	}
	return names
}

func (f *fixture) span(name string) tracetest.SpanStub {
	f.t.Helper()
	for _, span := range f.spans.GetSpans() {
		if span.Name == name {
			return span
		}
	}
	f.t.Fatalf("no span %q among %q", name, f.spanNames())
	return tracetest.SpanStub{}
}

func attributeOf(span tracetest.SpanStub, key attribute.Key) string {
	for _, kv := range span.Attributes {
		if kv.Key == key {
			return kv.Value.Emit()
		}
	}
	return ""
}

func TestAnOrderIsOneTraceWhoseSpansAreNamedInTheOrderTheyEnd(t *testing.T) {
	f := newFixture(t)
	cold := []string{
		"reserve stock", "GET", "SELECT items", "SET", "INSERT orders", "charge payment", "UPDATE orders", "SET",
		"POST /orders",
	}
	warm := []string{"reserve stock", "GET", "INSERT orders", "charge payment", "UPDATE orders", "SET", "POST /orders"}
	for _, row := range []struct {
		name string
		want []string
	}{{"first order of an item", cold}, {"later order of an item", warm}} {
		recorder, got := f.send("POST", "/orders", goodOrder)
		if recorder.Code != http.StatusCreated || got.Order == nil || got.Status != orders.StatusPaid ||
			got.AmountCents != 1780 {
			t.Fatalf("%s: status %d, body %s", row.name, recorder.Code, recorder.Body)
		}
		if names := f.spanNames(); !slices.Equal(names, row.want) {
			t.Errorf("%s: spans %q, want %q", row.name, names, row.want)
		}
		root := f.span("POST /orders")
		for _, span := range f.spans.GetSpans() {
			if span.SpanContext.TraceID() != root.SpanContext.TraceID() {
				t.Errorf("%s: span %q is of another trace", row.name, span.Name)
			}
			if span.Name != root.Name && span.Parent.SpanID() != root.SpanContext.SpanID() {
				t.Errorf("%s: span %q is no child of the server span", row.name, span.Name)
			}
			if span.Status.Code != codes.Unset {
				t.Errorf("%s: span %q has status %v", row.name, span.Name, span.Status)
			}
		}
	}
}

func TestSpansFollowTheSemanticConventions(t *testing.T) {
	f := newFixture(t)
	f.send("POST", "/orders", goodOrder, "User-Agent", "check/1")
	for _, row := range []struct {
		span string
		kind trace.SpanKind
		want map[attribute.Key]string
	}{
		{"POST /orders", trace.SpanKindServer, map[attribute.Key]string{
			"http.request.method": "POST", "http.route": "/orders", "http.response.status_code": "201",
			"url.path": "/orders", "url.scheme": "http", "server.address": "example.com",
			"user_agent.original": "check/1", "customer.tier": "gold", "order.amount_cents": "1780",
		}},
		{"reserve stock", trace.SpanKindInternal, map[attribute.Key]string{"stock.sku": "tea-assam"}},
		{"GET", trace.SpanKindClient, map[attribute.Key]string{
			"db.system.name": "redis", "db.operation.name": "GET", "db.query.text": "GET item:?", "cache.hit": "false",
			"server.address": "127.0.0.1", "server.port": "6379",
		}},
		{"INSERT orders", trace.SpanKindClient, map[attribute.Key]string{
			"db.system.name": "postgresql", "db.operation.name": "INSERT", "db.collection.name": "orders",
			"db.namespace": "orders", "server.port": "5432",
			"db.query.text": "INSERT INTO orders (id, customer_id, customer_tier, sku, quantity, amount_cents, status, " +
				"created_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
		}},
		{"charge payment", trace.SpanKindClient, map[attribute.Key]string{
			"http.response.status_code": "200", "server.address": "payments.example",
		}},
	} {
		span := f.span(row.span)
		if span.SpanKind != row.kind {
			t.Errorf("%s: kind %v, want %v", row.span, span.SpanKind, row.kind)
		}
		for key, want := range row.want {
			if got := attributeOf(span, key); got != want {
				t.Errorf("%s: %s is %q, want %q", row.span, key, got, want)
			}
		}
	}
}

func TestAFailureMarksItsSpanAndTheServerSpanAndGivesTheStockBack(t *testing.T) {
	for _, row := range []struct {
		name, body, fault string
		status            int
		kind              orders.Kind
		failing           string // the span below the server span that fails, if any
	}{
		{"database on demand", goodOrder, "db", 500, orders.KindDB, "INSERT orders"},
		{"payment on demand", goodOrder, "payment", 500, orders.KindPayment, "charge payment"},
		{"validation on demand", goodOrder, "validation", 422, orders.KindValidation, ""},
		{"no JSON", `{`, "", 422, orders.KindValidation, ""},
		{"field of another name", `{"item":"x"}`, "", 422, orders.KindValidation, ""},
		{"two objects", goodOrder + goodOrder, "", 422, orders.KindValidation, ""},
		{"quantity of nothing", `{"customer_id":"c","sku":"tea-assam"}`, "", 422, orders.KindValidation, ""},
		{"body too long", `{"customer_id":"` + strings.Repeat("c", bodyBytesMax) + `"}`, "", 422, orders.KindValidation, ""},
		{"unknown item", `{"customer_id":"c","sku":"ink","quantity":1}`, "", 422, orders.KindValidation, "reserve stock"},
		{"empty shelf", `{"customer_id":"c","sku":"tea-assam","quantity":51}`, "", 422, orders.KindOutOfStock, "reserve stock"},
		{"fault of another name", goodOrder, "fire", 422, orders.KindValidation, ""},
	} {
		t.Run(row.name, func(t *testing.T) {
			f := newFixture(t)
			recorder, got := f.send("POST", "/orders", row.body, demo.FailHeader, row.fault)
			if recorder.Code != row.status || got.ErrorType != row.kind || got.Order != nil || got.Error == "" {
				t.Errorf("status %d, body %s", recorder.Code, recorder.Body)
			}
			for _, span := range f.spans.GetSpans() {
				fails := span.Name == "POST /orders" || span.Name == row.failing
				if (span.Status.Code == codes.Error) != fails {
					t.Errorf("span %q has status %v", span.Name, span.Status)
				}
				if fails && attributeOf(span, "error.type") != string(row.kind) {
					t.Errorf("span %q has error.type %q", span.Name, attributeOf(span, "error.type"))
				}
				if fails && (len(span.Events) != 1 || span.Events[0].Name != "exception") {
					t.Errorf("span %q has events %v", span.Name, span.Events)
				}
			}
			if row.failing != "" {
				f.span(row.failing)
			}
			if left := f.shelf.Left("tea-assam"); left != 50 {
				t.Errorf("%d pieces left, want all 50", left)
			}
		})
	}
}

func TestAnOrderIsFoundByItsID(t *testing.T) {
	f := newFixture(t)
	_, placed := f.send("POST", "/orders", goodOrder)
	recorder, found := f.send("GET", "/orders/"+placed.ID, "")
	if recorder.Code != http.StatusOK || *found.Order != *placed.Order {
		t.Errorf("status %d, found %+v, placed %+v", recorder.Code, found.Order, placed.Order)
	}
	if names := f.spanNames(); !slices.Equal(names, []string{"GET", "GET /orders/{id}"}) {
		t.Errorf("spans %q", names)
	}
	if path := attributeOf(f.span("GET /orders/{id}"), "url.path"); path != "/orders/"+placed.ID {
		t.Errorf("url.path %q", path)
	}

	recorder, missing := f.send("GET", "/orders/ord_none", "")
	if recorder.Code != http.StatusNotFound || missing.ErrorType != orders.KindNotFound {
		t.Errorf("status %d, body %s", recorder.Code, recorder.Body)
	}
	for _, span := range f.spans.GetSpans() {
		if span.Status.Code != codes.Unset {
			t.Errorf("an unknown order is no failure of the service, but span %q has %v", span.Name, span.Status)
		}
	}
}

func TestTheAnswerNamesItsTraceAndTheLogAlsoTheCallersOwnID(t *testing.T) {
	f := newFixture(t)
	for _, row := range []struct {
		name, sent string
		logged     bool
	}{
		{"hex", "0af7651916cd43dd8448eb211c80319c", true},
		{"UUID", "123e4567-e89b-12d3-a456-426614174000", true},
		{"none", "", false},
		{"hex too short", "0af7651916cd43dd", false},
		{"hyphens out of place", "123e4567e-89b-12d3-a456-426614174000", false},
		{"line break", "0af7651916cd43dd8448eb211c80319c\n", false},
	} {
		recorder, got := f.send("POST", "/orders", goodOrder, TraceIDHeader, row.sent)
		root := f.span("POST /orders")
		traceID := root.SpanContext.TraceID().String()
		if header := recorder.Header().Get(TraceIDHeader); header != traceID || got.TraceID != traceID {
			t.Errorf("%s: header %q, body %q, want %q", row.name, header, got.TraceID, traceID)
		}
		lines := strings.Split(strings.TrimSpace(f.log.String()), "\n")
		for _, line := range lines {
			var fields map[string]any
			if err := json.Unmarshal([]byte(line), &fields); err != nil {
				t.Fatalf("%s: log line %q: %v", row.name, line, err)
			}
			if fields["trace_id"] != traceID || fields["span_id"] != root.SpanContext.SpanID().String() {
				t.Errorf("%s: log line %s is not of span %s", row.name, line, root.SpanContext.SpanID())
			}
			if id, logged := fields["x_trace_id"]; logged != row.logged || (logged && id != row.sent) {
				t.Errorf("%s: log line %s", row.name, line)
			}
		}
	}
}

func TestATraceparentIsContinued(t *testing.T) {
	f := newFixture(t)
	recorder, _ := f.send("POST", "/orders", goodOrder,
		"traceparent", "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01")
	root := f.span("POST /orders")
	if recorder.Header().Get(TraceIDHeader) != "0af7651916cd43dd8448eb211c80319c" ||
		root.Parent.SpanID().String() != "b7ad6b7169203331" || !root.Parent.IsRemote() {
		t.Errorf("header %q, parent %+v", recorder.Header().Get(TraceIDHeader), root.Parent)
	}
}

func TestSlownessIsSpentInsideTheDatabaseSpan(t *testing.T) {
	f := newFixture(t)
	const slow = 60 * time.Millisecond
	f.send("POST", "/orders", goodOrder, demo.SlowHeader, slow.String())
	for _, name := range []string{"INSERT orders", "POST /orders"} {
		if span := f.span(name); span.EndTime.Sub(span.StartTime) < slow {
			t.Errorf("%s took %v, want %v or more", name, span.EndTime.Sub(span.StartTime), slow)
		}
	}
}

func TestARequestThatRunsOutOfTimeFailsAsATimeout(t *testing.T) {
	f := newFixture(t)
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Millisecond)
	defer cancel()
	request := httptest.NewRequest("POST", "/orders", strings.NewReader(goodOrder)).WithContext(ctx)
	request.Header.Set(demo.SlowHeader, "20s")
	recorder := httptest.NewRecorder()
	f.handler.ServeHTTP(recorder, request)
	if recorder.Code != http.StatusInternalServerError || !strings.Contains(recorder.Body.String(), `"error_type":"timeout"`) {
		t.Errorf("status %d, body %s", recorder.Code, recorder.Body)
	}
	if kind := attributeOf(f.span("INSERT orders"), "error.type"); kind != "timeout" {
		t.Errorf("error.type %q", kind)
	}
}

func TestKnobsChangeOnlyWhatTheBodyNames(t *testing.T) {
	f := newFixture(t)
	for _, row := range []struct {
		name, body, want string
		status           int
	}{
		{"one knob", `{"base_latency":"1ms"}`, `"base_latency":"1ms","db_pool_size":4`, 200},
		{"several knobs", `{"failure_rate":1,"db_pool_size":2}`, `"base_latency":"1ms","db_pool_size":2`, 200},
		{"rate out of range", `{"failure_rate":1.5}`, `failure_rate must be from 0 to 1, but was 1.5`, 400},
		{"latency without unit", `{"slow_latency":900}`, `a duration is text with a unit`, 400},
		{"latency out of range", `{"slow_latency":"31s"}`, `slow_latency must be from 0s to 30s`, 400},
		{"pool of nothing", `{"db_pool_size":0}`, `db_pool_size must be from 1 to 1000, but was 0`, 400},
		{"knob of another name", `{"fail":1}`, `unknown field`, 400},
	} {
		recorder, _ := f.send("POST", "/knobs", row.body)
		if recorder.Code != row.status || !strings.Contains(recorder.Body.String(), row.want) {
			t.Errorf("%s: status %d, body %s, want %d with %s", row.name, recorder.Code, recorder.Body, row.status, row.want)
		}
	}
	if recorder, _ := f.send("GET", "/knobs", ""); !strings.Contains(recorder.Body.String(), `"failure_rate":1,`) {
		t.Errorf("the rejected changes left %s", recorder.Body)
	}
	if recorder, _ := f.send("POST", "/orders", goodOrder); recorder.Code != http.StatusInternalServerError {
		t.Errorf("with a failure rate of 1: status %d", recorder.Code)
	}
	if recorder, _ := f.send("POST", "/orders", goodOrder, demo.FailHeader, "none"); recorder.Code != http.StatusCreated {
		t.Errorf("with a failure rate of 1 and the header none: status %d", recorder.Code)
	}
}

func TestMetricsCountErrorsAndCarryTheTraceAsExemplar(t *testing.T) {
	f := newFixture(t)
	_, failed := f.send("POST", "/orders", goodOrder, demo.FailHeader, "db")
	recorder, _ := f.send("GET", "/metrics", "", "Accept", "application/openmetrics-text; version=1.0.0")
	text := recorder.Body.String()
	for _, want := range []string{
		`order_submit_errors_total{error_type="db",service="order-service"} 1.0 # {trace_id="` + failed.TraceID + `"}`,
		`order_submit_errors_total{error_type="payment",service="order-service"} 0.0`,
		`order_submit_duration_seconds_count{service="order-service"} 1`,
		`db_pool_connections_max 4.0`,
		`cache_misses_total 1.0`,
	} {
		if !strings.Contains(text, want) {
			t.Errorf("no %q in\n%s", want, text)
		}
	}
}

func TestProbesAndScrapesLeaveNoTrace(t *testing.T) {
	f := newFixture(t)
	for _, path := range []string{"/healthz", "/metrics", "/debug/pprof/cmdline", "/knobs"} {
		if recorder, _ := f.send("GET", path, ""); recorder.Code != http.StatusOK || len(f.spanNames()) > 0 {
			t.Errorf("%s: status %d, spans %q", path, recorder.Code, f.spanNames())
		}
	}
}
