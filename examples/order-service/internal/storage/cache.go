package storage

import (
	"context"
	"errors"
	"fmt"
	"net"
	"strconv"
	"strings"
	"sync/atomic"
	"time"

	"github.com/redis/go-redis/v9"
	"github.com/redis/go-redis/v9/logging"
	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/trace"

	semconv "go.opentelemetry.io/otel/semconv/v1.43.0"

	"spanweir.example/order-service/internal/demo"
	"spanweir.example/order-service/internal/orders"
	"spanweir.example/order-service/internal/telemetry"
)

// keyValueStore is what a cache keeps its entries in; get returns orders.ErrNotFound for a miss.
type keyValueStore interface {
	get(ctx context.Context, key string) ([]byte, error)
	set(ctx context.Context, key string, value []byte, timeToLive time.Duration) error
	close() error
}

// Cache is a traced orders.Cache: each command is a client span named after it.
type Cache struct {
	store      keyValueStore
	tracer     trace.Tracer
	attributes []attribute.KeyValue

	hits, misses atomic.Int64
}

func newCache(store keyValueStore, tracer trace.Tracer, host string, port int) *Cache {
	return &Cache{store: store, tracer: tracer, attributes: []attribute.KeyValue{
		semconv.DBSystemNameRedis,
		semconv.DBNamespace("0"),
		semconv.ServerAddress(host),
		semconv.ServerPort(port),
	}}
}

// Lookups returns how many reads found their key, and how many did not.
func (c *Cache) Lookups() (hits, misses int64) { return c.hits.Load(), c.misses.Load() }

// Close closes the connections.
func (c *Cache) Close() error { return c.store.close() }

// Get implements orders.Cache.
func (c *Cache) Get(ctx context.Context, key string) (value []byte, err error) {
	err = c.run(ctx, "GET", key, func(ctx context.Context) error {
		value, err = c.store.get(ctx, key)
		return err
	})
	switch {
	case err == nil:
		c.hits.Add(1)
	case errors.Is(err, orders.ErrNotFound):
		c.misses.Add(1)
	}
	return value, err
}

// Set implements orders.Cache.
func (c *Cache) Set(ctx context.Context, key string, value []byte, timeToLive time.Duration) error {
	return c.run(ctx, "SET", key, func(ctx context.Context) error {
		return c.store.set(ctx, key, value, timeToLive)
	})
}

func (c *Cache) run(ctx context.Context, operation, key string, command func(context.Context) error) error {
	keyspace, _, _ := strings.Cut(key, ":")
	ctx, span := c.tracer.Start(ctx, operation,
		trace.WithSpanKind(trace.SpanKindClient),
		trace.WithAttributes(c.attributes...),
		trace.WithAttributes(
			semconv.DBOperationName(operation),
			semconv.DBQueryText(operation+" "+keyspace+":?"))) // a key holds an id, so the text leaves it out
	defer span.End()

	err := demo.Pause(ctx)
	if err == nil {
		err = command(ctx)
	}
	switch {
	case errors.Is(err, orders.ErrNotFound):
		span.SetAttributes(attribute.Bool("cache.hit", false))
	case err != nil:
		telemetry.Fail(span, err, "cache")
	case operation == "GET":
		span.SetAttributes(attribute.Bool("cache.hit", true))
	}
	return err
}

// cacheLimit bounds each step of a command: a cache that takes longer is worth less than the database.
const cacheLimit = 500 * time.Millisecond

// OpenRedis connects to a server at host:port.
func OpenRedis(ctx context.Context, address string, tracer trace.Tracer) (*Cache, error) {
	host, portText, err := net.SplitHostPort(address)
	if err != nil {
		return nil, fmt.Errorf("redis address must be host:port, but was %q", address)
	}
	port, err := strconv.Atoi(portText)
	if err != nil {
		return nil, fmt.Errorf("redis address must end in a port number, but was %q", address)
	}
	logging.Disable() // what goes wrong comes back as an error, and is logged with its trace
	client := redis.NewClient(&redis.Options{
		Addr:                  address,
		DialTimeout:           cacheLimit,
		ReadTimeout:           cacheLimit,
		WriteTimeout:          cacheLimit,
		MaxRetries:            -1, // the database is the second try
		DialerRetries:         1,
		ContextTimeoutEnabled: true,
	})
	if err := client.Ping(ctx).Err(); err != nil {
		return nil, errors.Join(fmt.Errorf("redis at %s: %w", address, err), client.Close())
	}
	return newCache(redisStore{client}, tracer, host, port), nil
}

type redisStore struct{ client *redis.Client }

func (s redisStore) get(ctx context.Context, key string) ([]byte, error) {
	value, err := s.client.Get(ctx, key).Bytes()
	if errors.Is(err, redis.Nil) {
		return nil, orders.ErrNotFound
	}
	return value, err
}

func (s redisStore) set(ctx context.Context, key string, value []byte, timeToLive time.Duration) error {
	return s.client.Set(ctx, key, value, timeToLive).Err()
}

func (s redisStore) close() error { return s.client.Close() }
