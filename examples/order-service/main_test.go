package main

import (
	"bufio"
	"context"
	"encoding/json"
	"io"
	"net/http"
	"strings"
	"testing"

	"spanweir.example/order-service/internal/telemetry"
)

func TestTheServiceSaysWhereItListensAndStopsWhenItsContextEnds(t *testing.T) {
	t.Setenv("OTEL_TRACES_SAMPLER", "always_off") // there is no collector to flush to
	opts, err := parse([]string{"-memory", "-listen", "127.0.0.1:0"}, io.Discard)
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	read, written := io.Pipe()
	done := make(chan error, 1)
	go func() {
		done <- run(ctx, opts, telemetry.NewLogger(written, serviceName))
		written.Close()
	}()

	lines := bufio.NewScanner(read)
	if !lines.Scan() {
		t.Fatalf("no log line; run: %v", <-done)
	}
	var line struct{ Message, Address string }
	if err := json.Unmarshal(lines.Bytes(), &line); err != nil || line.Message != "listening" {
		t.Fatalf("first log line %q: %v", lines.Text(), err)
	}
	go func() { _, _ = io.Copy(io.Discard, read) }()
	response, err := http.Get("http://" + line.Address + "/healthz")
	if err != nil {
		t.Fatal(err)
	}
	response.Body.Close()
	if response.StatusCode != http.StatusOK {
		t.Errorf("status %d", response.StatusCode)
	}
	cancel()
	if err := <-done; err != nil {
		t.Errorf("run: %v", err)
	}
}

func TestFlagsThatContradictOrAreOutOfRangeAreNamed(t *testing.T) {
	for _, row := range []struct{ arguments, want string }{
		{"", "-postgres"},
		{"-postgres dsn", "-redis"},
		{"-memory -redis 127.0.0.1:6379", "-memory"},
		{"-memory -failure-rate 2", "failure_rate"},
		{"-memory -slow-latency 31s", "slow_latency"},
		{"-memory -request-timeout 0s", "-request-timeout"},
		{"-memory now", "now"},
	} {
		if _, err := parse(strings.Fields(row.arguments), io.Discard); err == nil || !strings.Contains(err.Error(), row.want) {
			t.Errorf("%q: error %v, want one that names %s", row.arguments, err, row.want)
		}
	}
}
