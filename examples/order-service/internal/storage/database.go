// Package storage keeps orders in PostgreSQL and Redis, or in memory. Both give the same spans.
package storage

import (
	"context"
	"database/sql"
	"errors"

	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/trace"

	semconv "go.opentelemetry.io/otel/semconv/v1.43.0"

	"spanweir.example/order-service/internal/demo"
	"spanweir.example/order-service/internal/orders"
	"spanweir.example/order-service/internal/telemetry"
)

// statement is a query and what its span says of it.
type statement struct {
	operation  string
	collection string
	text       string
	spanName   string
}

var (
	selectItem = statement{"SELECT", "items",
		"SELECT price_cents FROM items WHERE sku = $1", "SELECT items"}
	insertOrder = statement{"INSERT", "orders",
		"INSERT INTO orders (id, customer_id, customer_tier, sku, quantity, amount_cents, status, created_at) " +
			"VALUES ($1, $2, $3, $4, $5, $6, $7, $8)", "INSERT orders"}
	updateOrder = statement{"UPDATE", "orders",
		"UPDATE orders SET status = $2 WHERE id = $1", "UPDATE orders"}
	selectOrder = statement{"SELECT", "orders",
		"SELECT customer_id, customer_tier, sku, quantity, amount_cents, status, created_at FROM orders WHERE id = $1",
		"SELECT orders"}
)

// session is one connection that is held for one statement.
type session interface {
	orders.Database
	release()
}

// backend is a database with a bounded pool of connections.
type backend interface {
	// acquire waits for a connection until the context ends.
	acquire(ctx context.Context) (session, error)
	resize(connections int)
	stats() sql.DBStats
	address() (host string, port int, namespace string)
	// code returns the SQLSTATE of an error, or the empty text.
	code(err error) string
	close() error
}

// Database is a traced orders.Database: each statement is a client span, which includes the wait for a connection
// and holds the connection while the demo's latency passes, as a slow server would.
type Database struct {
	backend    backend
	tracer     trace.Tracer
	attributes []attribute.KeyValue
}

func newDatabase(backend backend, tracer trace.Tracer) *Database {
	host, port, namespace := backend.address()
	return &Database{backend: backend, tracer: tracer, attributes: []attribute.KeyValue{
		semconv.DBSystemNamePostgreSQL,
		semconv.DBNamespace(namespace),
		semconv.ServerAddress(host),
		semconv.ServerPort(port),
	}}
}

// Resize sets how many connections may be open at the same time.
func (d *Database) Resize(connections int) { d.backend.resize(connections) }

// Stats returns the state of the connection pool.
func (d *Database) Stats() sql.DBStats { return d.backend.stats() }

// Close closes the pool.
func (d *Database) Close() error { return d.backend.close() }

// Item implements orders.Database.
func (d *Database) Item(ctx context.Context, sku string) (item orders.Item, err error) {
	err = d.run(ctx, selectItem, func(ctx context.Context, s session) error {
		item, err = s.Item(ctx, sku)
		return err
	})
	return item, err
}

// InsertOrder implements orders.Database. It is where a plan's slowness and its database fault strike.
func (d *Database) InsertOrder(ctx context.Context, order orders.Order) error {
	return d.run(ctx, insertOrder, func(ctx context.Context, s session) error {
		if err := demo.Dawdle(ctx); err != nil {
			return err
		}
		if demo.PlanOf(ctx).Fault == demo.FaultDB {
			return errors.New("deadlock detected (on demand)")
		}
		return s.InsertOrder(ctx, order)
	})
}

// SetOrderStatus implements orders.Database.
func (d *Database) SetOrderStatus(ctx context.Context, id string, status orders.Status) error {
	return d.run(ctx, updateOrder, func(ctx context.Context, s session) error {
		return s.SetOrderStatus(ctx, id, status)
	})
}

// Order implements orders.Database. It is where a plan's slowness and its database fault strike.
func (d *Database) Order(ctx context.Context, id string) (order orders.Order, err error) {
	err = d.run(ctx, selectOrder, func(ctx context.Context, s session) error {
		if err := demo.Dawdle(ctx); err != nil {
			return err
		}
		if demo.PlanOf(ctx).Fault == demo.FaultDB {
			return errors.New("connection reset by peer (on demand)")
		}
		order, err = s.Order(ctx, id)
		return err
	})
	return order, err
}

// run gives a statement its span and its connection. Finding no row is an answer, not a failure of the span.
func (d *Database) run(ctx context.Context, st statement, query func(context.Context, session) error) error {
	ctx, span := d.tracer.Start(ctx, st.spanName,
		trace.WithSpanKind(trace.SpanKindClient),
		trace.WithAttributes(d.attributes...),
		trace.WithAttributes(
			semconv.DBOperationName(st.operation),
			semconv.DBCollectionName(st.collection),
			semconv.DBQueryText(st.text)))
	defer span.End()

	err := d.runHeld(ctx, query)
	if err != nil && !errors.Is(err, orders.ErrNotFound) {
		if code := d.backend.code(err); code != "" {
			span.SetAttributes(semconv.DBResponseStatusCode(code))
		}
		telemetry.Fail(span, err, string(orders.KindOf(&orders.Failure{Kind: orders.KindDB, Err: err})))
	}
	return err
}

func (d *Database) runHeld(ctx context.Context, query func(context.Context, session) error) error {
	held, err := d.backend.acquire(ctx)
	if err != nil {
		return err
	}
	defer held.release()
	if err := demo.Pause(ctx); err != nil {
		return err
	}
	return query(ctx, held)
}
