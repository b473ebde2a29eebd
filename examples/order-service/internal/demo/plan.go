package demo

import (
	"context"
	"time"
)

// Fault is a way to fail.
type Fault string

// The faults a Plan may hold; the empty Fault is none.
const (
	FaultDB         Fault = "db"
	FaultPayment    Fault = "payment"
	FaultValidation Fault = "validation"
)

// Plan is the fate of one request. The zero Plan changes nothing.
type Plan struct {
	Fault Fault
	Slow  time.Duration // waited once, in the span that asks for it with Dawdle
	Base  time.Duration // waited in every client span
}

type planKey struct{}

// WithPlan returns a context that carries the plan.
func WithPlan(ctx context.Context, plan Plan) context.Context {
	return context.WithValue(ctx, planKey{}, plan)
}

// PlanOf returns the plan of the context, or the zero Plan.
func PlanOf(ctx context.Context) Plan {
	plan, _ := ctx.Value(planKey{}).(Plan)
	return plan
}

// Pause waits the base latency, and returns early with the context's error when that ends.
func Pause(ctx context.Context) error {
	return sleep(ctx, PlanOf(ctx).Base)
}

// Dawdle waits the slow latency of the plan, if it has one.
func Dawdle(ctx context.Context) error {
	return sleep(ctx, PlanOf(ctx).Slow)
}

func sleep(ctx context.Context, wait time.Duration) error {
	if wait <= 0 {
		return ctx.Err()
	}
	timer := time.NewTimer(wait)
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}
