package storage

import (
	"context"
	"errors"
	"testing"
	"time"

	"go.opentelemetry.io/otel/trace/noop"

	"spanweir.example/order-service/internal/orders"
)

func TestAPoolThatIsInUseMakesTheNextStatementWait(t *testing.T) {
	database := NewMemoryDatabase(noop.NewTracerProvider().Tracer(""))
	database.Resize(1)
	held, err := database.backend.acquire(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(t.Context(), 10*time.Millisecond)
	defer cancel()
	if _, err := database.Item(ctx, "tea-assam"); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("with no connection free: error %v", err)
	}
	if stats := database.Stats(); stats.InUse != 1 || stats.WaitCount != 1 {
		t.Errorf("stats %+v", stats)
	}
	answered := make(chan error, 1)
	go func() {
		_, err := database.Item(t.Context(), "tea-assam")
		answered <- err
	}()
	held.release()
	if err := <-answered; err != nil {
		t.Errorf("with a connection given back: error %v", err)
	}
	if stats := database.Stats(); stats.InUse != 0 {
		t.Errorf("stats %+v", stats)
	}
}

func TestACachedTextExpires(t *testing.T) {
	cache := NewMemoryCache(noop.NewTracerProvider().Tracer(""))
	for _, row := range []struct {
		name       string
		timeToLive time.Duration
		want       error
	}{{"young", time.Hour, nil}, {"old", -time.Nanosecond, orders.ErrNotFound}} {
		if err := cache.Set(t.Context(), row.name, []byte("v"), row.timeToLive); err != nil {
			t.Fatal(err)
		}
		if _, err := cache.Get(t.Context(), row.name); !errors.Is(err, row.want) {
			t.Errorf("%s: error %v, want %v", row.name, err, row.want)
		}
	}
	if hits, misses := cache.Lookups(); hits != 1 || misses != 1 {
		t.Errorf("%d hits and %d misses, want 1 and 1", hits, misses)
	}
}
