package orders

import (
	"context"
	"crypto/rand"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"github.com/rs/zerolog"
	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/trace"

	"spanweir.example/order-service/internal/demo"
	"spanweir.example/order-service/internal/telemetry"
)

const (
	itemTimeToLive  = 5 * time.Minute
	orderTimeToLive = 10 * time.Minute
	// settleLimit bounds the write that says how an order ended; it happens even when the caller has gone.
	settleLimit = 5 * time.Second
)

// Service submits and finds orders. Safe for use by many goroutines.
type Service struct {
	database Database
	cache    Cache
	shelf    *Shelf
	tracer   trace.Tracer
	log      zerolog.Logger
}

// NewService puts the parts together.
func NewService(database Database, cache Cache, shelf *Shelf, tracer trace.Tracer, log zerolog.Logger) *Service {
	return &Service{database: database, cache: cache, shelf: shelf, tracer: tracer, log: log}
}

// Submit takes an order from its request to its payment. What it reserved is put back when a later step fails.
func (s *Service) Submit(ctx context.Context, request Request) (Order, error) {
	if err := validate(ctx, request); err != nil {
		return Order{}, err
	}
	if err := s.reserve(ctx, request); err != nil {
		return Order{}, err
	}
	order, err := s.place(ctx, request)
	if err != nil {
		s.shelf.Release(request.SKU, request.Quantity)
		return Order{}, err
	}
	s.remember(ctx, orderKey(order.ID), order, orderTimeToLive)
	s.log.Info().Ctx(ctx).Str("order_id", order.ID).Int64("amount_cents", order.AmountCents).Msg("order paid")
	return order, nil
}

func validate(ctx context.Context, request Request) error {
	if demo.PlanOf(ctx).Fault == demo.FaultValidation {
		return &Failure{KindValidation, errors.New("the request asked to be invalid")}
	}
	if err := request.Validate(); err != nil {
		return &Failure{KindValidation, err}
	}
	return nil
}

func (s *Service) reserve(ctx context.Context, request Request) error {
	_, span := s.tracer.Start(ctx, "reserve stock", trace.WithAttributes(
		attribute.String("stock.sku", request.SKU),
		attribute.Int("stock.quantity", request.Quantity)))
	defer span.End()
	err := s.shelf.Reserve(request.SKU, request.Quantity)
	if err != nil {
		telemetry.Fail(span, err, string(KindOf(err)))
	}
	return err
}

// place prices and stores a reserved order, charges it, and stores how that ended.
func (s *Service) place(ctx context.Context, request Request) (Order, error) {
	item, err := s.item(ctx, request.SKU)
	if err != nil {
		return Order{}, err
	}
	order := newOrder(request, item)
	trace.SpanFromContext(ctx).SetAttributes(
		attribute.String("order.id", order.ID),
		attribute.Int64("order.amount_cents", order.AmountCents),
		attribute.String("customer.tier", order.CustomerTier))
	if err := s.database.InsertOrder(ctx, order); err != nil {
		return Order{}, &Failure{KindDB, err}
	}
	chargeErr := s.charge(ctx, order)
	order.Status = StatusPaid
	if chargeErr != nil {
		order.Status = StatusFailed
	}
	settleCtx, cancel := context.WithTimeout(context.WithoutCancel(ctx), settleLimit)
	defer cancel()
	if err := s.database.SetOrderStatus(settleCtx, order.ID, order.Status); err != nil {
		return Order{}, errors.Join(chargeErr, &Failure{KindDB, err})
	}
	return order, chargeErr
}

func newOrder(request Request, item Item) Order {
	var random [12]byte
	rand.Read(random[:]) // never fails, says crypto/rand
	tier := request.CustomerTier
	if tier == "" {
		tier = "standard"
	}
	return Order{
		ID:           "ord_" + hex.EncodeToString(random[:]),
		CustomerID:   request.CustomerID,
		CustomerTier: tier,
		SKU:          request.SKU,
		Quantity:     request.Quantity,
		AmountCents:  item.PriceCents * int64(request.Quantity),
		Status:       StatusPending,
		CreatedAt:    time.Now().UTC().Truncate(time.Microsecond), // as fine as PostgreSQL keeps it
	}
}

// Find returns an order by its id, from the cache where it is there.
func (s *Service) Find(ctx context.Context, id string) (Order, error) {
	var order Order
	if s.recall(ctx, orderKey(id), &order) {
		return order, nil
	}
	order, err := s.database.Order(ctx, id)
	if errors.Is(err, ErrNotFound) {
		return Order{}, &Failure{KindNotFound, fmt.Errorf("order %q is unknown", id)}
	}
	if err != nil {
		return Order{}, &Failure{KindDB, err}
	}
	s.remember(ctx, orderKey(id), order, orderTimeToLive)
	return order, nil
}

func (s *Service) item(ctx context.Context, sku string) (Item, error) {
	var item Item
	if s.recall(ctx, itemKey(sku), &item) {
		return item, nil
	}
	item, err := s.database.Item(ctx, sku)
	if errors.Is(err, ErrNotFound) {
		return Item{}, &Failure{KindValidation, fmt.Errorf("sku %q is not in the catalogue", sku)}
	}
	if err != nil {
		return Item{}, &Failure{KindDB, err}
	}
	s.remember(ctx, itemKey(sku), item, itemTimeToLive)
	return item, nil
}

// recall reads a cached value. A cache that fails counts as a miss: the database has the truth.
func (s *Service) recall(ctx context.Context, key string, value any) bool {
	data, err := s.cache.Get(ctx, key)
	if err == nil {
		err = json.Unmarshal(data, value)
	}
	if err != nil && !errors.Is(err, ErrNotFound) {
		s.log.Warn().Ctx(ctx).Err(err).Str("key", key).Msg("cache read failed")
	}
	return err == nil
}

func (s *Service) remember(ctx context.Context, key string, value any, timeToLive time.Duration) {
	data, err := json.Marshal(value)
	if err == nil {
		err = s.cache.Set(ctx, key, data, timeToLive)
	}
	if err != nil {
		s.log.Warn().Ctx(ctx).Err(err).Str("key", key).Msg("cache write failed")
	}
}

func itemKey(sku string) string { return "item:" + sku }

func orderKey(id string) string { return "order:" + id }
