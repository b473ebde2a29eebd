// Package orders submits and finds orders. It knows nothing of HTTP, SQL or Redis.
package orders

import (
	"context"
	"errors"
	"fmt"
	"regexp"
	"time"
)

// quantityMax is the most pieces one order may ask for.
const quantityMax = 100

// Request is what a customer sends.
type Request struct {
	CustomerID   string `json:"customer_id"`
	CustomerTier string `json:"customer_tier"` // standard (also when empty), silver or gold
	SKU          string `json:"sku"`
	Quantity     int    `json:"quantity"`
}

var identifier = regexp.MustCompile(`^[A-Za-z0-9._-]{1,64}$`)

// Validate names the first field that is wrong, and what would be right.
func (r Request) Validate() error {
	switch {
	case !identifier.MatchString(r.CustomerID):
		return fmt.Errorf("customer_id must be 1 to 64 of A-Z a-z 0-9 . _ -, but was %q", r.CustomerID)
	case !identifier.MatchString(r.SKU):
		return fmt.Errorf("sku must be 1 to 64 of A-Z a-z 0-9 . _ -, but was %q", r.SKU)
	case r.Quantity < 1 || r.Quantity > quantityMax:
		return fmt.Errorf("quantity must be from 1 to %d, but was %d", quantityMax, r.Quantity)
	}
	switch r.CustomerTier {
	case "", "standard", "silver", "gold":
		return nil
	}
	return fmt.Errorf("customer_tier must be standard, silver or gold, but was %q", r.CustomerTier)
}

// Status says how far an order came.
type Status string

// An order is pending until its payment has an answer.
const (
	StatusPending Status = "pending"
	StatusPaid    Status = "paid"
	StatusFailed  Status = "failed"
)

// Order is a submitted order as it is stored.
type Order struct {
	ID           string    `json:"order_id"`
	CustomerID   string    `json:"customer_id"`
	CustomerTier string    `json:"customer_tier"`
	SKU          string    `json:"sku"`
	Quantity     int       `json:"quantity"`
	AmountCents  int64     `json:"amount_cents"`
	Status       Status    `json:"status"`
	CreatedAt    time.Time `json:"created_at"`
}

// Item is an article of the catalogue.
type Item struct {
	SKU        string `json:"sku"`
	PriceCents int64  `json:"price_cents"`
}

// Catalogue is what a new database sells.
var Catalogue = []Item{
	{SKU: "tea-assam", PriceCents: 890},
	{SKU: "tea-sencha", PriceCents: 1190},
	{SKU: "cup-small", PriceCents: 640},
	{SKU: "kettle-steel", PriceCents: 4990},
}

// ErrNotFound says that a store has no entry of that key.
var ErrNotFound = errors.New("not found")

// Database keeps items and orders for good.
type Database interface {
	Item(ctx context.Context, sku string) (Item, error)
	InsertOrder(ctx context.Context, order Order) error
	SetOrderStatus(ctx context.Context, id string, status Status) error
	Order(ctx context.Context, id string) (Order, error)
}

// Cache keeps texts for a while. Get returns ErrNotFound for a miss.
type Cache interface {
	Get(ctx context.Context, key string) ([]byte, error)
	Set(ctx context.Context, key string, value []byte, timeToLive time.Duration) error
}
