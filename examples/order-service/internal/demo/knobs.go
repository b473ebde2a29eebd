// Package demo holds the switches that make the service fail or dawdle on purpose.
//
// Knobs say how often that happens by chance; a Plan says what happens to one request.
// Everything a Plan asks for is spent inside a span, so that a trace shows where the time went.
package demo

import (
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"net/http"
	"sync"
	"time"
)

// SlowMax bounds every latency that a knob or a header may ask for.
const SlowMax = 30 * time.Second

// poolSizeMax bounds the connections the database pool may be told to open.
const poolSizeMax = 1000

// Headers by which a request decides its own fate, whatever the knobs say.
const (
	FailHeader = "X-Demo-Fail" // db, payment, validation or none
	SlowHeader = "X-Demo-Slow" // a Go duration such as 800ms; 0s switches chance off
)

// Duration is a time.Duration written as text in JSON, such as "900ms".
type Duration time.Duration

// MarshalJSON writes the duration the way time.Duration prints.
func (d Duration) MarshalJSON() ([]byte, error) {
	return json.Marshal(time.Duration(d).String())
}

// UnmarshalJSON reads the text form only: a bare number has no unit.
func (d *Duration) UnmarshalJSON(data []byte) error {
	var text string
	if err := json.Unmarshal(data, &text); err != nil {
		return fmt.Errorf("a duration is text with a unit, such as \"900ms\", but was %s", data)
	}
	parsed, err := time.ParseDuration(text)
	if err != nil {
		return fmt.Errorf("a duration is text with a unit, such as \"900ms\", but was %q", text)
	}
	*d = Duration(parsed)
	return nil
}

// Values are the settings of all knobs at one moment.
type Values struct {
	FailureRate float64  `json:"failure_rate"` // share of requests that fail, 0 to 1
	SlowRate    float64  `json:"slow_rate"`    // share of requests that are slow, 0 to 1
	SlowLatency Duration `json:"slow_latency"` // what a slow request waits in one span
	BaseLatency Duration `json:"base_latency"` // what every client span waits
	DBPoolSize  int      `json:"db_pool_size"` // connections open at the same time
}

// Validate names the first knob that is out of range, and the range.
func (v Values) Validate() error {
	switch {
	case !(v.FailureRate >= 0 && v.FailureRate <= 1): // NaN fails too
		return fmt.Errorf("failure_rate must be from 0 to 1, but was %v", v.FailureRate)
	case !(v.SlowRate >= 0 && v.SlowRate <= 1):
		return fmt.Errorf("slow_rate must be from 0 to 1, but was %v", v.SlowRate)
	case v.SlowLatency < 0 || time.Duration(v.SlowLatency) > SlowMax:
		return fmt.Errorf("slow_latency must be from 0s to %v, but was %v", SlowMax, time.Duration(v.SlowLatency))
	case v.BaseLatency < 0 || time.Duration(v.BaseLatency) > SlowMax:
		return fmt.Errorf("base_latency must be from 0s to %v, but was %v", SlowMax, time.Duration(v.BaseLatency))
	case v.DBPoolSize < 1 || v.DBPoolSize > poolSizeMax:
		return fmt.Errorf("db_pool_size must be from 1 to %d, but was %d", poolSizeMax, v.DBPoolSize)
	}
	return nil
}

// Knobs are the current Values and the source of chance. Safe for use by many goroutines.
type Knobs struct {
	mu       sync.Mutex
	values   Values
	chance   *rand.Rand
	resizeDB func(size int)
}

// NewKnobs checks the values and hands the pool size to resizeDB, now and at each change.
func NewKnobs(values Values, seed uint64, resizeDB func(size int)) (*Knobs, error) {
	if err := values.Validate(); err != nil {
		return nil, err
	}
	resizeDB(values.DBPoolSize)
	return &Knobs{values: values, chance: rand.New(rand.NewPCG(seed, 0)), resizeDB: resizeDB}, nil
}

// Values returns the settings in force.
func (k *Knobs) Values() Values {
	k.mu.Lock()
	defer k.mu.Unlock()
	return k.values
}

// Change applies a change to a copy of the settings and puts the copy in force if it is valid.
func (k *Knobs) Change(change func(*Values) error) (Values, error) {
	k.mu.Lock()
	defer k.mu.Unlock()
	next := k.values
	if err := change(&next); err != nil {
		return k.values, err
	}
	if err := next.Validate(); err != nil {
		return k.values, err
	}
	if next.DBPoolSize != k.values.DBPoolSize {
		k.resizeDB(next.DBPoolSize)
	}
	k.values = next
	return next, nil
}

// Plan decides what happens to a request: its headers where they speak, chance where they do not.
func (k *Knobs) Plan(header http.Header) (Plan, error) {
	k.mu.Lock()
	defer k.mu.Unlock()
	plan := Plan{Base: time.Duration(k.values.BaseLatency)}
	// All draws happen for every request, so that a header does not shift what its successors draw.
	failed, slowed, kind := k.chance.Float64(), k.chance.Float64(), k.chance.IntN(2)

	switch text := header.Get(FailHeader); text {
	case "":
		if failed < k.values.FailureRate {
			plan.Fault = []Fault{FaultDB, FaultPayment}[kind]
		}
	case "none":
	case string(FaultDB), string(FaultPayment), string(FaultValidation):
		plan.Fault = Fault(text)
	default:
		return Plan{}, fmt.Errorf("header %s must be db, payment, validation or none, but was %q", FailHeader, text)
	}

	if text := header.Get(SlowHeader); text != "" {
		slow, err := time.ParseDuration(text)
		if err != nil || slow < 0 || slow > SlowMax {
			return Plan{}, fmt.Errorf("header %s must be a duration from 0s to %v, such as 800ms, but was %q",
				SlowHeader, SlowMax, text)
		}
		plan.Slow = slow
	} else if slowed < k.values.SlowRate {
		plan.Slow = time.Duration(k.values.SlowLatency)
	}
	return plan, nil
}
