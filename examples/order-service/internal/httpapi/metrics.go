package httpapi

import (
	"context"
	"database/sql"
	"net/http"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
	"github.com/prometheus/client_golang/prometheus/promhttp"
	"go.opentelemetry.io/otel/trace"

	"spanweir.example/order-service/internal/orders"
)

// Metrics are the Prometheus metrics of the service. Safe for use by many goroutines.
type Metrics struct {
	registry    *prometheus.Registry
	serviceName string
	errors      *prometheus.CounterVec
	duration    prometheus.Observer
}

// Pool is a database with a connection pool.
type Pool interface{ Stats() sql.DBStats }

// Lookups is a cache that counts its hits and misses.
type Lookups interface {
	Lookups() (hits, misses int64)
}

// NewMetrics registers everything in a registry of its own.
func NewMetrics(serviceName string, pool Pool, cache Lookups) *Metrics {
	errorCounts := prometheus.NewCounterVec(prometheus.CounterOpts{
		Name: "order_submit_errors_total",
		Help: "Orders that could not be submitted, by the type of the error.",
	}, []string{"service", "error_type"})
	for _, kind := range []orders.Kind{orders.KindDB, orders.KindPayment, orders.KindValidation} {
		errorCounts.WithLabelValues(serviceName, string(kind)) // a rate needs the zero to begin with
	}
	duration := prometheus.NewHistogramVec(prometheus.HistogramOpts{
		Name:    "order_submit_duration_seconds",
		Help:    "Time from reading an order to its payment or its error.",
		Buckets: []float64{.005, .01, .025, .05, .1, .25, .5, 1, 2.5, 5, 10},
	}, []string{"service"})
	registry := prometheus.NewRegistry()
	registry.MustRegister(
		collectors.NewGoCollector(),
		collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}),
		errorCounts, duration)
	registry.MustRegister(poolMetrics(pool)...)
	registry.MustRegister(cacheMetrics(cache)...)
	return &Metrics{
		registry:    registry,
		serviceName: serviceName,
		errors:      errorCounts,
		duration:    duration.WithLabelValues(serviceName),
	}
}

func poolMetrics(pool Pool) []prometheus.Collector {
	gauge := func(name, help string, value func(sql.DBStats) float64) prometheus.Collector {
		return prometheus.NewGaugeFunc(prometheus.GaugeOpts{Name: name, Help: help},
			func() float64 { return value(pool.Stats()) })
	}
	counter := func(name, help string, value func(sql.DBStats) float64) prometheus.Collector {
		return prometheus.NewCounterFunc(prometheus.CounterOpts{Name: name, Help: help},
			func() float64 { return value(pool.Stats()) })
	}
	return []prometheus.Collector{
		gauge("db_pool_connections_max", "Connections that may be open at the same time.",
			func(s sql.DBStats) float64 { return float64(s.MaxOpenConnections) }),
		gauge("db_pool_connections_open", "Connections that are open.",
			func(s sql.DBStats) float64 { return float64(s.OpenConnections) }),
		gauge("db_pool_connections_in_use", "Connections that run a statement.",
			func(s sql.DBStats) float64 { return float64(s.InUse) }),
		counter("db_pool_waits_total", "Statements that had to wait for a connection.",
			func(s sql.DBStats) float64 { return float64(s.WaitCount) }),
		counter("db_pool_wait_seconds_total", "Time that statements waited for a connection.",
			func(s sql.DBStats) float64 { return s.WaitDuration.Seconds() }),
	}
}

func cacheMetrics(cache Lookups) []prometheus.Collector {
	return []prometheus.Collector{
		prometheus.NewCounterFunc(
			prometheus.CounterOpts{Name: "cache_hits_total", Help: "Cache reads that found their key."},
			func() float64 { hits, _ := cache.Lookups(); return float64(hits) }),
		prometheus.NewCounterFunc(
			prometheus.CounterOpts{Name: "cache_misses_total", Help: "Cache reads that did not find their key."},
			func() float64 { _, misses := cache.Lookups(); return float64(misses) }),
	}
}

// Handler answers a scrape. A scraper that asks for OpenMetrics also gets the exemplars.
func (m *Metrics) Handler() http.Handler {
	return promhttp.HandlerFor(m.registry, promhttp.HandlerOpts{EnableOpenMetrics: true})
}

// observeSubmit counts one submitted order, with its trace as the exemplar.
func (m *Metrics) observeSubmit(ctx context.Context, took time.Duration, err error) {
	var exemplar prometheus.Labels
	if span := trace.SpanContextFromContext(ctx); span.IsSampled() {
		exemplar = prometheus.Labels{"trace_id": span.TraceID().String()}
	}
	m.duration.(prometheus.ExemplarObserver).ObserveWithExemplar(took.Seconds(), exemplar)
	if err != nil {
		m.errors.WithLabelValues(m.serviceName, string(orders.KindOf(err))).(prometheus.ExemplarAdder).
			AddWithExemplar(1, exemplar)
	}
}
