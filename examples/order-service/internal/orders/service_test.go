package orders

import (
	"bytes"
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/rs/zerolog"
	"go.opentelemetry.io/otel/trace/noop"
)

// shop is a database of one item, with an error for each step that is told to fail.
type shop struct {
	insertErr, statusErr error
	onInsert             func()
	stored               map[string]Order
}

func (s *shop) Item(context.Context, string) (Item, error) { return Catalogue[0], nil }

func (s *shop) InsertOrder(_ context.Context, order Order) error {
	if s.onInsert != nil {
		s.onInsert()
	}
	if s.insertErr == nil {
		s.stored[order.ID] = order
	}
	return s.insertErr
}

func (s *shop) SetOrderStatus(ctx context.Context, id string, status Status) error {
	if err := errors.Join(ctx.Err(), s.statusErr); err != nil {
		return err
	}
	order := s.stored[id]
	order.Status = status
	s.stored[id] = order
	return nil
}

func (s *shop) Order(_ context.Context, id string) (Order, error) {
	order, found := s.stored[id]
	if !found {
		return order, ErrNotFound
	}
	return order, nil
}

var errRefused = errors.New("connection refused")

// brokenCache is a cache that is away.
type brokenCache struct{}

func (brokenCache) Get(context.Context, string) ([]byte, error) { return nil, errRefused }

func (brokenCache) Set(context.Context, string, []byte, time.Duration) error { return errRefused }

var teaForTwo = Request{CustomerID: "c-1", SKU: Catalogue[0].SKU, Quantity: 2}

func newService(database Database) (*Service, *Shelf, *bytes.Buffer) {
	shelf, logged := NewShelf(Catalogue, 10), &bytes.Buffer{}
	return NewService(database, brokenCache{}, shelf, noop.NewTracerProvider().Tracer(""), zerolog.New(logged)), shelf, logged
}

func TestACacheThatIsAwayCostsWarningsAndNoOrder(t *testing.T) {
	database := &shop{stored: map[string]Order{}}
	service, _, logged := newService(database)
	order, err := service.Submit(t.Context(), teaForTwo)
	if err != nil || order.Status != StatusPaid {
		t.Fatalf("order %+v, error %v", order, err)
	}
	if found, err := service.Find(t.Context(), order.ID); err != nil || found != order {
		t.Errorf("found %+v, error %v", found, err)
	}
	for _, message := range []string{"cache read failed", "cache write failed"} {
		if !strings.Contains(logged.String(), message) {
			t.Errorf("no %q in %s", message, logged)
		}
	}
}

func TestAnOrderWhoseDatabaseFailsGivesItsStockBack(t *testing.T) {
	for _, row := range []struct {
		name     string
		database *shop
	}{
		{"at the insert", &shop{insertErr: errRefused}},
		{"at the status", &shop{statusErr: errRefused, stored: map[string]Order{}}},
	} {
		service, shelf, _ := newService(row.database)
		_, err := service.Submit(t.Context(), teaForTwo)
		if KindOf(err) != KindDB || !errors.Is(err, errRefused) {
			t.Errorf("%s: error %v", row.name, err)
		}
		if left := shelf.Left(teaForTwo.SKU); left != 10 {
			t.Errorf("%s: %d pieces left, want 10", row.name, left)
		}
	}
}

func TestHowAnOrderEndedIsStoredEvenWhenTheCallerHasGone(t *testing.T) {
	ctx, hangUp := context.WithCancel(t.Context())
	database := &shop{stored: map[string]Order{}, onInsert: hangUp}
	service, _, _ := newService(database)
	if _, err := service.Submit(ctx, teaForTwo); KindOf(err) != KindCanceled {
		t.Errorf("error %v", err)
	}
	for _, order := range database.stored {
		if order.Status != StatusFailed {
			t.Errorf("stored %+v", order)
		}
	}
	if len(database.stored) != 1 {
		t.Errorf("%d orders stored, want 1", len(database.stored))
	}
}
