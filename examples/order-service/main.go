// Command order-service is a small shop backend that shows what Spanweir does with the traces of a Go service.
// README.md says how to run it.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/signal"
	"syscall"
	"time"

	"github.com/rs/zerolog"
	"go.opentelemetry.io/otel/trace"

	"spanweir.example/order-service/internal/demo"
	"spanweir.example/order-service/internal/httpapi"
	"spanweir.example/order-service/internal/orders"
	"spanweir.example/order-service/internal/storage"
	"spanweir.example/order-service/internal/telemetry"
)

const (
	serviceName    = "order-service"
	serviceVersion = "1.0.0"

	shelfPieces   = 1_000_000
	connectLimit  = 15 * time.Second
	drainLimit    = 10 * time.Second
	flushLimit    = 5 * time.Second
	headerLimit   = 5 * time.Second
	bodyReadLimit = 15 * time.Second
)

type options struct {
	listen         string
	postgresDSN    string
	redisAddress   string
	memory         bool
	environment    string
	requestTimeout time.Duration
	seed           uint64
	knobs          demo.Values
}

func main() {
	opts, err := parse(os.Args[1:], os.Stderr)
	switch {
	case errors.Is(err, flag.ErrHelp):
		return
	case err != nil:
		fmt.Fprintln(os.Stderr, "order-service:", err)
		os.Exit(2)
	}
	ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGTERM, syscall.SIGINT)
	defer stop()
	log := telemetry.NewLogger(os.Stdout, serviceName)
	if err := run(ctx, opts, log); err != nil {
		log.Error().Err(err).Msg("stopped by an error")
		os.Exit(1)
	}
}

func parse(arguments []string, usage io.Writer) (options, error) {
	var opts options
	flags := flag.NewFlagSet("order-service", flag.ContinueOnError)
	flags.SetOutput(usage)
	flags.StringVar(&opts.listen, "listen", "127.0.0.1:8080", "`address` to listen on; port 0 takes a free one")
	flags.StringVar(&opts.postgresDSN, "postgres", "", "`DSN` of PostgreSQL")
	flags.StringVar(&opts.redisAddress, "redis", "", "`host:port` of Redis")
	flags.BoolVar(&opts.memory, "memory", false, "keep everything in memory instead of -postgres and -redis")
	flags.StringVar(&opts.environment, "environment", "demo", "`name` of the deployment environment")
	flags.DurationVar(&opts.requestTimeout, "request-timeout", time.Minute, "`limit` on one order request")
	flags.Uint64Var(&opts.seed, "seed", 1, "`number` that decides which requests the rates strike")
	flags.Float64Var(&opts.knobs.FailureRate, "failure-rate", 0, "`share` of requests that fail, 0 to 1")
	flags.Float64Var(&opts.knobs.SlowRate, "slow-rate", 0, "`share` of requests that are slow, 0 to 1")
	slowLatency := flags.Duration("slow-latency", 900*time.Millisecond, "`time` a slow request waits")
	baseLatency := flags.Duration("base-latency", 2*time.Millisecond, "`time` every client span waits")
	flags.IntVar(&opts.knobs.DBPoolSize, "db-pool-size", 20, "`connections` to the database")
	if err := flags.Parse(arguments); err != nil {
		return opts, err
	}
	opts.knobs.SlowLatency, opts.knobs.BaseLatency = demo.Duration(*slowLatency), demo.Duration(*baseLatency)
	switch {
	case flags.NArg() > 0:
		return opts, fmt.Errorf("only flags are understood, but there was %q", flags.Arg(0))
	case opts.memory && (opts.postgresDSN != "" || opts.redisAddress != ""):
		return opts, errors.New("-memory stands in for -postgres and -redis: give the one or the others")
	case !opts.memory && (opts.postgresDSN == "" || opts.redisAddress == ""):
		return opts, errors.New("give -postgres DSN and -redis host:port, or -memory")
	case opts.requestTimeout <= 0:
		return opts, fmt.Errorf("-request-timeout must be more than 0s, but was %v", opts.requestTimeout)
	}
	return opts, opts.knobs.Validate()
}

// run serves until the context ends, then drains requests, closes the stores and flushes the spans, in this order.
func run(ctx context.Context, opts options, log zerolog.Logger) (err error) {
	provider, err := telemetry.Start(ctx, telemetry.Identity{
		ServiceName: serviceName, ServiceVersion: serviceVersion, Environment: opts.environment,
	}, log)
	if err != nil {
		return err
	}
	defer func() {
		flushCtx, cancel := context.WithTimeout(context.WithoutCancel(ctx), flushLimit)
		defer cancel()
		if flushErr := provider.Shutdown(flushCtx); flushErr != nil {
			log.Warn().Err(flushErr).Msg("last spans could not be exported")
		}
		log.Info().Msg("stopped")
	}()
	tracer := provider.Tracer(telemetry.ScopeName)

	database, cache, err := openStores(ctx, opts, tracer)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, cache.Close(), database.Close()) }()
	knobs, err := demo.NewKnobs(opts.knobs, opts.seed, database.Resize)
	if err != nil {
		return err
	}
	shelf := orders.NewShelf(orders.Catalogue, shelfPieces)
	api := &httpapi.API{
		Service:        orders.NewService(database, cache, shelf, tracer, log),
		Knobs:          knobs,
		Metrics:        httpapi.NewMetrics(serviceName, database, cache),
		Tracer:         tracer,
		Log:            log,
		RequestTimeout: opts.requestTimeout,
	}
	return serve(ctx, opts.listen, api.Handler(), log)
}

func openStores(
	ctx context.Context, opts options, tracer trace.Tracer,
) (*storage.Database, *storage.Cache, error) {
	if opts.memory {
		return storage.NewMemoryDatabase(tracer), storage.NewMemoryCache(tracer), nil
	}
	ctx, cancel := context.WithTimeout(ctx, connectLimit)
	defer cancel()
	database, err := storage.OpenPostgres(ctx, opts.postgresDSN, tracer)
	if err != nil {
		return nil, nil, err
	}
	cache, err := storage.OpenRedis(ctx, opts.redisAddress, tracer)
	if err != nil {
		return nil, nil, errors.Join(err, database.Close())
	}
	return database, cache, nil
}

func serve(ctx context.Context, address string, handler http.Handler, log zerolog.Logger) error {
	listener, err := net.Listen("tcp", address)
	if err != nil {
		return err
	}
	server := &http.Server{Handler: handler, ReadHeaderTimeout: headerLimit, ReadTimeout: bodyReadLimit}
	served := make(chan error, 1)
	go func() { served <- server.Serve(listener) }()
	log.Info().Str("address", listener.Addr().String()).Msg("listening")

	select {
	case err := <-served:
		return err
	case <-ctx.Done():
	}
	log.Info().Msg("draining")
	drainCtx, cancel := context.WithTimeout(context.WithoutCancel(ctx), drainLimit)
	defer cancel()
	if err := server.Shutdown(drainCtx); err != nil {
		return errors.Join(fmt.Errorf("requests still ran after %v: %w", drainLimit, err), server.Close())
	}
	return nil
}
