package orders

import (
	"context"
	"errors"

	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/trace"

	semconv "go.opentelemetry.io/otel/semconv/v1.43.0"

	"spanweir.example/order-service/internal/demo"
	"spanweir.example/order-service/internal/telemetry"
)

// paymentHost is the provider named in spans. Nothing is sent to it: the demo plays both parts.
const paymentHost = "payments.example"

// charge plays a call to a payment provider.
func (s *Service) charge(ctx context.Context, order Order) error {
	ctx, span := s.tracer.Start(ctx, "charge payment",
		trace.WithSpanKind(trace.SpanKindClient),
		trace.WithAttributes(
			semconv.HTTPRequestMethodPost,
			semconv.URLFull("https://"+paymentHost+"/v1/charges"),
			semconv.ServerAddress(paymentHost),
			semconv.ServerPort(443),
			semconv.ServicePeerName("payments"),
			attribute.Int64("payment.amount_cents", order.AmountCents)))
	defer span.End()

	err := demo.Pause(ctx)
	status := 200
	if err == nil && demo.PlanOf(ctx).Fault == demo.FaultPayment {
		status = 503
		err = errors.New("payment provider answered 503 Service Unavailable")
	}
	if err != nil {
		err = &Failure{KindPayment, err}
		telemetry.Fail(span, err, string(KindOf(err)))
	}
	span.SetAttributes(semconv.HTTPResponseStatusCode(status))
	return err
}
