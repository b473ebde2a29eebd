package main

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"reflect"
	"strings"
	"sync/atomic"
	"testing"
)

// shop answers as told by the headers, with the number of the request as its trace id.
func shop(t *testing.T) (url string, served *atomic.Int64) {
	t.Helper()
	served = &atomic.Int64{}
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("X-Trace-ID", fmt.Sprintf("%032x", served.Add(1)))
		switch fault := r.Header.Get("X-Demo-Fail"); fault {
		case "":
			w.WriteHeader(http.StatusCreated)
			fmt.Fprint(w, `{}`)
		case "validation": // this shop does not look
			w.WriteHeader(http.StatusCreated)
			fmt.Fprint(w, `{}`)
		default:
			w.WriteHeader(http.StatusInternalServerError)
			fmt.Fprintf(w, `{"error_type":%q}`, fault)
		}
	}))
	t.Cleanup(server.Close)
	return server.URL, served
}

func TestEveryOrderIsSentOnceAndReportedOnce(t *testing.T) {
	target, served := shop(t)
	opts, err := parse([]string{
		"-target", target, "-requests", "200", "-concurrency", "8", "-fail-share", "0.15", "-slow-share", "0.1",
	}, io.Discard)
	if err != nil {
		t.Fatal(err)
	}
	report := load(t.Context(), opts)
	if served.Load() != 200 || report.Sent != 200 || report.Unanswered != 0 {
		t.Errorf("served %d, report %+v", served.Load(), report)
	}
	// 30 orders are told to fail, a third of them by a fault that this shop does not know.
	if want := map[string]int{"ok": 160, "failed": 20, "slow": 20}; !reflect.DeepEqual(report.Counts, want) {
		t.Errorf("counts %v, want %v", report.Counts, want)
	}
	if want := map[string]int{"db": 10, "payment": 10}; !reflect.DeepEqual(report.FailedByType, want) {
		t.Errorf("failed by type %v, want %v", report.FailedByType, want)
	}
	if len(report.Unexpected) != 10 {
		t.Errorf("%d unexpected, want 10", len(report.Unexpected))
	}
	seen := map[string]bool{}
	for _, ids := range [][]string{report.TraceIDs.OK, report.TraceIDs.Failed, report.TraceIDs.Slow} {
		for _, id := range ids {
			seen[id] = true
		}
	}
	if len(seen) != 200 {
		t.Errorf("%d different traces, want 200", len(seen))
	}
}

func TestTheSeedDecidesTheFates(t *testing.T) {
	opts := options{requests: 100, failShare: 0.2, slowShare: 0.2, seed: 3}
	first := fates(opts)
	if again := fates(opts); !reflect.DeepEqual(first, again) {
		t.Error("the same seed dealt other fates")
	}
	opts.seed = 4
	if other := fates(opts); reflect.DeepEqual(first, other) {
		t.Error("another seed dealt the same fates")
	}
}

func TestAnOrderWithoutAnAnswerIsCountedAndNotSentAgain(t *testing.T) {
	var served atomic.Int64
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		served.Add(1)
		panic(http.ErrAbortHandler) // closes the connection
	}))
	defer server.Close()
	opts, err := parse([]string{"-target", server.URL, "-requests", "5", "-concurrency", "1"}, io.Discard)
	if err != nil {
		t.Fatal(err)
	}
	report := load(t.Context(), opts)
	if served.Load() != 5 || report.Unanswered != 5 || report.UnansweredError == "" {
		t.Errorf("served %d, report %+v", served.Load(), report)
	}
}

func TestAnInterruptedLoadReportsWhatItSent(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	report := load(ctx, options{requests: 10, concurrency: 2})
	line := &strings.Builder{}
	if err := write(report, "", line); err != nil {
		t.Fatal(err)
	}
	var fields map[string]any
	if err := json.Unmarshal([]byte(line.String()), &fields); err != nil || strings.Count(line.String(), "\n") != 1 {
		t.Fatalf("report %q: %v", line, err)
	}
	if fields["sent"] != 0.0 || fields["requests"] != 10.0 {
		t.Errorf("report %s", line)
	}
}

func TestFlagsOutOfRangeAreNamed(t *testing.T) {
	for _, row := range []struct{ flag, value string }{
		{"-target", "127.0.0.1:8080"},
		{"-requests", "0"},
		{"-concurrency", "0"},
		{"-fail-share", "1.1"},
		{"-fail-share", "NaN"},
		{"-slow", "31s"},
		{"-rate", "-1"},
		{"-timeout", "1ms"},
	} {
		if _, err := parse([]string{row.flag, row.value}, io.Discard); err == nil || !strings.Contains(err.Error(), row.flag) {
			t.Errorf("%s %s: error %v", row.flag, row.value, err)
		}
	}
}
