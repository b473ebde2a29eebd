package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"math"
	"math/rand/v2"
	"net/http"
	"strings"
	"sync"
	"sync/atomic"
	"time"
)

// Report is what became of the orders. Sent = len(OK) + len(Failed) + len(Slow) + Unanswered.
type Report struct {
	Target   string `json:"target"`
	Seed     uint64 `json:"seed"`
	Requests int    `json:"requests"` // orders that were to be sent
	Sent     int    `json:"sent"`     // orders that were sent; fewer when interrupted
	// Unanswered orders have no trace id: the connection failed, or the answer lacked it.
	Unanswered      int    `json:"unanswered"`
	UnansweredError string `json:"unanswered_error,omitempty"` // the first one's cause
	// Unexpected lists answered orders that did not end as they were told to: failed, or did not.
	Unexpected []string `json:"unexpected"`
	// Late lists orders told to be fine that nevertheless took as long as a slow one, as this client saw it.
	Late           []string       `json:"late"`
	Counts         map[string]int `json:"counts"`          // by outcome: ok, failed, slow
	FailedByType   map[string]int `json:"failed_by_type"`  // by the error_type of the answer
	TraceIDs       TraceIDs       `json:"trace_ids"`       // each answered order once
	ElapsedSeconds float64        `json:"elapsed_seconds"` // from the first order to the last answer
}

// TraceIDs are lower-case hex, in the order the orders were sent.
type TraceIDs struct {
	OK     []string `json:"ok"`
	Failed []string `json:"failed"` // answered with a status of 400 or more
	Slow   []string `json:"slow"`   // told to be slow, and not failed
}

// fate is what one order is told to do.
type fate struct {
	fault string // empty, or a value of X-Demo-Fail
	slow  bool
}

// fates deals out exactly the shares asked for, in an order that only the seed decides.
func fates(opts options) []fate {
	dealt := make([]fate, opts.requests)
	failing := int(math.Round(opts.failShare * float64(opts.requests)))
	slow := min(int(math.Round(opts.slowShare*float64(opts.requests))), opts.requests-failing)
	faults := []string{"db", "payment", "validation"}
	for i := range failing {
		dealt[i].fault = faults[i%len(faults)]
	}
	for i := range slow {
		dealt[failing+i].slow = true
	}
	rand.New(rand.NewPCG(opts.seed, 0)).Shuffle(len(dealt), func(i, j int) { dealt[i], dealt[j] = dealt[j], dealt[i] })
	return dealt
}

// result is what became of one order; the zero result was never sent.
type result struct {
	sent      bool
	status    int
	traceID   string
	errorType string
	took      time.Duration
	err       error
}

// load sends the orders and waits for every answer. When the context ends it sends no more.
func load(ctx context.Context, opts options) Report {
	dealt := fates(opts)
	results := make([]result, len(dealt))
	client := &http.Client{
		Timeout:   opts.timeout,
		Transport: &http.Transport{MaxIdleConnsPerHost: opts.concurrency, MaxConnsPerHost: opts.concurrency},
	}
	defer client.CloseIdleConnections()

	startedAt := time.Now()
	var next atomic.Int64
	var workers sync.WaitGroup
	for range opts.concurrency {
		workers.Go(func() {
			for {
				i := int(next.Add(1)) - 1
				if i >= len(dealt) || !waitForTurn(ctx, startedAt, i, opts.rate) {
					return
				}
				results[i] = send(client, opts, i, dealt[i])
			}
		})
	}
	workers.Wait()
	return summarize(opts, dealt, results, time.Since(startedAt))
}

// waitForTurn waits until order i is due at the rate, and says whether it is still to be sent.
func waitForTurn(ctx context.Context, startedAt time.Time, i int, rate float64) bool {
	if rate > 0 {
		due := startedAt.Add(time.Duration(float64(i) / rate * float64(time.Second)))
		timer := time.NewTimer(time.Until(due))
		defer timer.Stop()
		select {
		case <-timer.C:
		case <-ctx.Done():
		}
	}
	return ctx.Err() == nil
}

var (
	skus  = []string{"tea-assam", "tea-sencha", "cup-small", "kettle-steel"}
	tiers = []string{"standard", "silver", "gold"}
)

func send(client *http.Client, opts options, i int, told fate) result {
	body := fmt.Sprintf(`{"customer_id":"load-%d","customer_tier":%q,"sku":%q,"quantity":%d}`,
		i, tiers[i%len(tiers)], skus[i%len(skus)], 1+i%3)
	request, err := http.NewRequest(http.MethodPost, strings.TrimSuffix(opts.target, "/")+"/orders",
		io.NopCloser(bytes.NewBufferString(body))) // no GetBody: the transport cannot send it twice
	if err != nil {
		return result{sent: true, err: err}
	}
	request.ContentLength = int64(len(body))
	request.Header.Set("Content-Type", "application/json")
	request.Header.Set("User-Agent", "ordersload")
	if told.fault != "" {
		request.Header.Set("X-Demo-Fail", told.fault)
	}
	if told.slow {
		request.Header.Set("X-Demo-Slow", opts.slow.String())
	}
	sentAt := time.Now()
	response, err := client.Do(request)
	if err != nil {
		return result{sent: true, err: err}
	}
	defer response.Body.Close()
	var answer struct {
		ErrorType string `json:"error_type"`
	}
	err = json.NewDecoder(response.Body).Decode(&answer)
	outcome := result{
		sent:      true,
		status:    response.StatusCode,
		traceID:   response.Header.Get("X-Trace-ID"),
		errorType: answer.ErrorType,
		took:      time.Since(sentAt),
		err:       err,
	}
	if err == nil && outcome.traceID == "" {
		outcome.err = fmt.Errorf("the answer with status %d has no X-Trace-ID", outcome.status)
	}
	return outcome
}

func summarize(opts options, dealt []fate, results []result, elapsed time.Duration) Report {
	report := Report{
		Target:         opts.target,
		Seed:           opts.seed,
		Requests:       opts.requests,
		Unexpected:     []string{},
		Late:           []string{},
		FailedByType:   map[string]int{},
		TraceIDs:       TraceIDs{OK: []string{}, Failed: []string{}, Slow: []string{}},
		ElapsedSeconds: elapsed.Seconds(),
	}
	for i, r := range results {
		if r.sent {
			report.Sent++
			report.add(opts, dealt[i], r)
		}
	}
	ids := report.TraceIDs
	report.Counts = map[string]int{"ok": len(ids.OK), "failed": len(ids.Failed), "slow": len(ids.Slow)}
	return report
}

func (r *Report) add(opts options, told fate, outcome result) {
	if outcome.err != nil {
		r.Unanswered++
		if r.UnansweredError == "" {
			r.UnansweredError = outcome.err.Error()
		}
		return
	}
	failed := outcome.status >= 400
	if failed != (told.fault != "") {
		r.Unexpected = append(r.Unexpected, outcome.traceID)
	}
	switch {
	case failed:
		r.FailedByType[outcome.errorType]++
		r.TraceIDs.Failed = append(r.TraceIDs.Failed, outcome.traceID)
	case told.slow:
		r.TraceIDs.Slow = append(r.TraceIDs.Slow, outcome.traceID)
	default:
		r.TraceIDs.OK = append(r.TraceIDs.OK, outcome.traceID)
		if outcome.took >= opts.slow {
			r.Late = append(r.Late, outcome.traceID)
		}
	}
}
