package orders

import (
	"fmt"
	"sync"
)

// Shelf counts the pieces of each item that are left. It is in memory: every start finds it full.
// Safe for use by many goroutines.
type Shelf struct {
	mu   sync.Mutex
	left map[string]int
}

// NewShelf puts the same number of pieces of every item on the shelf.
func NewShelf(items []Item, pieces int) *Shelf {
	left := make(map[string]int, len(items))
	for _, item := range items {
		left[item.SKU] = pieces
	}
	return &Shelf{left: left}
}

// Reserve takes pieces off the shelf, all of them or none.
func (s *Shelf) Reserve(sku string, quantity int) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	left, sold := s.left[sku]
	if !sold {
		return &Failure{KindValidation, fmt.Errorf("sku %q is not sold here", sku)}
	}
	if left < quantity {
		return &Failure{KindOutOfStock, fmt.Errorf("%d pieces of %q were asked for, %d are left", quantity, sku, left)}
	}
	s.left[sku] = left - quantity
	return nil
}

// Release puts pieces back.
func (s *Shelf) Release(sku string, quantity int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.left[sku] += quantity
}

// Left returns how many pieces of an item may still be reserved.
func (s *Shelf) Left(sku string) int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.left[sku]
}
