package orders

import (
	"context"
	"errors"
)

// Kind classifies a failure; it is the error.type of spans and the error_type of metrics.
type Kind string

// The kinds of failure. Validation, unknown items and empty shelves are the caller's to mend.
const (
	KindValidation Kind = "validation"
	KindOutOfStock Kind = "out_of_stock"
	KindNotFound   Kind = "not_found"
	KindDB         Kind = "db"
	KindPayment    Kind = "payment"
	KindTimeout    Kind = "timeout"
	KindCanceled   Kind = "canceled"
	KindInternal   Kind = "internal"
)

// Failure is an error with its kind.
type Failure struct {
	Kind Kind
	Err  error
}

func (f *Failure) Error() string { return string(f.Kind) + ": " + f.Err.Error() }

func (f *Failure) Unwrap() error { return f.Err }

// KindOf returns the kind of an error: that of its context where it ran out of time, else that of its Failure.
func KindOf(err error) Kind {
	var failure *Failure
	switch {
	case errors.Is(err, context.DeadlineExceeded):
		return KindTimeout
	case errors.Is(err, context.Canceled):
		return KindCanceled
	case errors.As(err, &failure):
		return failure.Kind
	}
	return KindInternal
}
