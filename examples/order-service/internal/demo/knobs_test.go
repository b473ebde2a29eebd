package demo

import (
	"math"
	"net/http"
	"testing"
	"time"
)

func newKnobs(t *testing.T, values Values, seed uint64) *Knobs {
	t.Helper()
	knobs, err := NewKnobs(values, seed, func(int) {})
	if err != nil {
		t.Fatal(err)
	}
	return knobs
}

func TestRatesStrikeTheirShareOfRequestsAndTheSeedRepeatsThem(t *testing.T) {
	values := Values{FailureRate: 0.2, SlowRate: 0.1, SlowLatency: Duration(time.Second), DBPoolSize: 1}
	first, second := newKnobs(t, values, 7), newKnobs(t, values, 7)
	const requests = 10_000
	faults, slow := map[Fault]int{}, 0
	for i := range requests {
		plan, err := first.Plan(http.Header{})
		if err != nil {
			t.Fatal(err)
		}
		if again, _ := second.Plan(http.Header{}); again != plan {
			t.Fatalf("request %d: %+v, with the same seed %+v", i, plan, again)
		}
		faults[plan.Fault]++
		if plan.Slow > 0 {
			slow++
		}
	}
	for what, got := range map[string][2]float64{ // five standard deviations at most from the mean
		"failed by db":      {float64(faults[FaultDB]), 0.1},
		"failed by payment": {float64(faults[FaultPayment]), 0.1},
		"slow":              {float64(slow), 0.1},
	} {
		mean, deviation := got[1]*requests, math.Sqrt(requests*got[1]*(1-got[1]))
		if math.Abs(got[0]-mean) > 5*deviation {
			t.Errorf("%s: %v of %d, want about %v", what, got[0], requests, mean)
		}
	}
	if faults[FaultValidation] > 0 {
		t.Errorf("chance made %d requests invalid, which is the caller's part", faults[FaultValidation])
	}
}

func TestHeadersDecideTheFateWhateverTheRates(t *testing.T) {
	always := Values{FailureRate: 1, SlowRate: 1, SlowLatency: Duration(time.Second), DBPoolSize: 1}
	for _, row := range []struct {
		name, fail, slow string
		want             Plan
		fails            bool
	}{
		{"payment fault", "payment", "0s", Plan{Fault: FaultPayment}, false},
		{"nothing", "none", "0s", Plan{}, false},
		{"slow", "none", "800ms", Plan{Slow: 800 * time.Millisecond}, false},
		{"slow by chance", "none", "", Plan{Slow: time.Second}, false},
		{"fault of another name", "fire", "", Plan{}, true},
		{"slow without unit", "", "800", Plan{}, true},
		{"slow beyond the limit", "", "31s", Plan{}, true},
		{"slow below zero", "", "-1s", Plan{}, true},
	} {
		header := http.Header{}
		if row.fail != "" {
			header.Set(FailHeader, row.fail)
		}
		if row.slow != "" {
			header.Set(SlowHeader, row.slow)
		}
		got, err := newKnobs(t, always, 1).Plan(header)
		if got != row.want || (err != nil) != row.fails {
			t.Errorf("%s: %+v, error %v", row.name, got, err)
		}
	}
}

func TestTheDatabasePoolIsResizedAtStartAndByAChange(t *testing.T) {
	var sizes []int
	knobs, err := NewKnobs(Values{DBPoolSize: 3}, 1, func(size int) { sizes = append(sizes, size) })
	if err != nil {
		t.Fatal(err)
	}
	for _, size := range []int{3, 5, -1} { // no change, a change, a rejected change
		_, _ = knobs.Change(func(v *Values) error { v.DBPoolSize = size; return nil })
	}
	if len(sizes) != 2 || sizes[0] != 3 || sizes[1] != 5 {
		t.Errorf("resized to %v, want [3 5]", sizes)
	}
}
