package storage

import (
	"context"
	"database/sql"
	"sync"
	"time"

	"go.opentelemetry.io/otel/trace"

	"spanweir.example/order-service/internal/orders"
)

// NewMemoryDatabase keeps orders in this process. Its pool is as bounded as a real one, so that it can run dry.
func NewMemoryDatabase(tracer trace.Tracer) *Database {
	m := &memory{items: map[string]orders.Item{}, orders: map[string]orders.Order{}, free: make(chan struct{})}
	for _, item := range orders.Catalogue {
		m.items[item.SKU] = item
	}
	return newDatabase(m, tracer)
}

// NewMemoryCache keeps texts in this process until they expire.
func NewMemoryCache(tracer trace.Tracer) *Cache {
	return newCache(&memoryStore{entries: map[string]memoryEntry{}}, tracer, "127.0.0.1", 6379)
}

// memory is both the backend and its only session.
type memory struct {
	mu     sync.Mutex
	items  map[string]orders.Item
	orders map[string]orders.Order

	size, inUse  int
	free         chan struct{} // closed and replaced whenever a waiter may try again
	waitCount    int64
	waitDuration time.Duration
}

func (m *memory) acquire(ctx context.Context) (session, error) {
	waitFrom := time.Time{}
	for {
		m.mu.Lock()
		if m.inUse < m.size {
			m.inUse++
			if !waitFrom.IsZero() {
				m.waitDuration += time.Since(waitFrom)
			}
			m.mu.Unlock()
			return m, nil
		}
		if waitFrom.IsZero() {
			waitFrom = time.Now()
			m.waitCount++
		}
		free := m.free
		m.mu.Unlock()
		select {
		case <-free:
		case <-ctx.Done():
			return nil, ctx.Err()
		}
	}
}

func (m *memory) release() {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.inUse--
	m.wakeLocked()
}

func (m *memory) resize(connections int) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.size = connections
	m.wakeLocked()
}

func (m *memory) wakeLocked() {
	close(m.free)
	m.free = make(chan struct{})
}

func (m *memory) stats() sql.DBStats {
	m.mu.Lock()
	defer m.mu.Unlock()
	return sql.DBStats{
		MaxOpenConnections: m.size,
		OpenConnections:    m.inUse,
		InUse:              m.inUse,
		WaitCount:          m.waitCount,
		WaitDuration:       m.waitDuration,
	}
}

func (m *memory) address() (string, int, string) { return "127.0.0.1", 5432, "orders" }

func (m *memory) code(error) string { return "" }

func (m *memory) close() error { return nil }

func (m *memory) Item(_ context.Context, sku string) (orders.Item, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	item, found := m.items[sku]
	if !found {
		return item, orders.ErrNotFound
	}
	return item, nil
}

func (m *memory) InsertOrder(_ context.Context, order orders.Order) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.orders[order.ID] = order
	return nil
}

func (m *memory) SetOrderStatus(_ context.Context, id string, status orders.Status) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	order, found := m.orders[id]
	if !found {
		return orders.ErrNotFound
	}
	order.Status = status
	m.orders[id] = order
	return nil
}

func (m *memory) Order(_ context.Context, id string) (orders.Order, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	order, found := m.orders[id]
	if !found {
		return order, orders.ErrNotFound
	}
	return order, nil
}

type memoryEntry struct {
	value     []byte
	expiresAt time.Time
}

type memoryStore struct {
	mu      sync.Mutex
	entries map[string]memoryEntry
}

func (s *memoryStore) get(_ context.Context, key string) ([]byte, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	entry, found := s.entries[key]
	if found && time.Now().After(entry.expiresAt) {
		delete(s.entries, key)
		found = false
	}
	if !found {
		return nil, orders.ErrNotFound
	}
	return entry.value, nil
}

func (s *memoryStore) set(_ context.Context, key string, value []byte, timeToLive time.Duration) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.entries[key] = memoryEntry{value: value, expiresAt: time.Now().Add(timeToLive)}
	return nil
}

func (s *memoryStore) close() error { return nil }
