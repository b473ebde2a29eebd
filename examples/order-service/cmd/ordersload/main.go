// Command ordersload sends a bounded number of orders, each with a known fate, and reports the trace of each.
// It retries nothing and counts everything.
package main

import (
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"net/url"
	"os"
	"os/signal"
	"syscall"
	"time"
)

type options struct {
	target      string
	requests    int
	concurrency int
	failShare   float64
	slowShare   float64
	slow        time.Duration
	seed        uint64
	rate        float64
	timeout     time.Duration
	reportFile  string
}

func main() {
	opts, err := parse(os.Args[1:], os.Stderr)
	switch {
	case errors.Is(err, flag.ErrHelp):
		return
	case err != nil:
		fmt.Fprintln(os.Stderr, "ordersload:", err)
		os.Exit(2)
	}
	ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGTERM, syscall.SIGINT)
	defer stop()
	report := load(ctx, opts)
	if err := write(report, opts.reportFile, os.Stdout); err != nil {
		fmt.Fprintln(os.Stderr, "ordersload:", err)
		os.Exit(1)
	}
	if report.Unanswered > 0 || report.Sent < report.Requests {
		os.Exit(1)
	}
}

func parse(arguments []string, usage io.Writer) (options, error) {
	var opts options
	flags := flag.NewFlagSet("ordersload", flag.ContinueOnError)
	flags.SetOutput(usage)
	flags.StringVar(&opts.target, "target", "http://127.0.0.1:8080", "`URL` of the order service")
	flags.IntVar(&opts.requests, "requests", 100, "`number` of orders to send")
	flags.IntVar(&opts.concurrency, "concurrency", 4, "`number` of orders under way at the same time")
	flags.Float64Var(&opts.failShare, "fail-share", 0.05, "`share` of orders that are told to fail, 0 to 1")
	flags.Float64Var(&opts.slowShare, "slow-share", 0.05, "`share` of orders that are told to be slow, 0 to 1")
	flags.DurationVar(&opts.slow, "slow", 900*time.Millisecond, "`time` a slow order waits")
	flags.Uint64Var(&opts.seed, "seed", 1, "`number` that decides which orders fail or are slow")
	flags.Float64Var(&opts.rate, "rate", 0, "orders a `second` at most; 0 is as fast as they are answered")
	flags.DurationVar(&opts.timeout, "timeout", time.Minute, "`limit` on one order")
	flags.StringVar(&opts.reportFile, "report", "", "`file` for the report instead of standard output")
	if err := flags.Parse(arguments); err != nil {
		return opts, err
	}
	target, err := url.Parse(opts.target)
	switch {
	case flags.NArg() > 0:
		return opts, fmt.Errorf("only flags are understood, but there was %q", flags.Arg(0))
	case err != nil || target.Host == "" || (target.Scheme != "http" && target.Scheme != "https"):
		return opts, fmt.Errorf("-target must be a URL such as http://127.0.0.1:8080, but was %q", opts.target)
	case opts.requests < 1 || opts.requests > 10_000_000:
		return opts, fmt.Errorf("-requests must be from 1 to 10000000, but was %d", opts.requests)
	case opts.concurrency < 1 || opts.concurrency > 10_000:
		return opts, fmt.Errorf("-concurrency must be from 1 to 10000, but was %d", opts.concurrency)
	case !(opts.failShare >= 0 && opts.slowShare >= 0 && opts.failShare+opts.slowShare <= 1):
		return opts, fmt.Errorf("-fail-share and -slow-share must be 0 or more and at most 1 together, but were %v and %v",
			opts.failShare, opts.slowShare)
	case opts.slow <= 0 || opts.slow > 30*time.Second:
		return opts, fmt.Errorf("-slow must be more than 0s and at most 30s, but was %v", opts.slow)
	case !(opts.rate >= 0 && opts.rate <= 1e6):
		return opts, fmt.Errorf("-rate must be from 0 to 1000000, but was %v", opts.rate)
	case opts.timeout <= opts.slow:
		return opts, fmt.Errorf("-timeout must be more than -slow, but was %v", opts.timeout)
	}
	return opts, nil
}

// write puts the report on one line, in the file where one is named.
func write(report Report, file string, out io.Writer) error {
	line, err := json.Marshal(report)
	if err != nil {
		return err
	}
	line = append(line, '\n')
	if file != "" {
		return os.WriteFile(file, line, 0o644)
	}
	_, err = out.Write(line)
	return err
}
