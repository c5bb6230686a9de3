package client

import (
	"fmt"
	"testing"
	"time"
)

func TestFullJitter(t *testing.T) {
	for attempt, limit := range []time.Duration{
		1 * time.Second, 2 * time.Second, 4 * time.Second, 8 * time.Second, 16 * time.Second, 30 * time.Second, 30 * time.Second,
	} {
		if got := backoffLimit(attempt); got != limit {
			t.Errorf("attempt %d may wait %v, want %v", attempt, got, limit)
		}
		var early, late int
		for range 1000 {
			d := FullJitter(attempt)
			if d < 0 || d >= limit {
				t.Fatalf("attempt %d waits %v", attempt, d)
			}
			if d < limit/4 {
				early++
			} else if d > limit*3/4 {
				late++
			}
		}
		// A quarter of the draws each; 150 of 1000 is 7 standard deviations away.
		if early < 150 || late < 150 {
			t.Errorf("attempt %d is not spread over the whole range: %d early, %d late", attempt, early, late)
		}
	}
	if backoffLimit(1<<40) != maxBackoff || backoffLimit(-1) != firstBackoff {
		t.Error("limits at the ends")
	}
}

func TestWhichEndsAreFinal(t *testing.T) {
	for code, want := range map[int]bool{
		1000: true, 1001: true, 1002: true, 1003: true, 1007: true, 1009: true,
		1006: false, 1011: false, 1012: false, 1013: false, 4008: false, 4013: false,
		4500: true, 4503: true, 4506: true,
	} {
		if got := final(fmt.Errorf("open: %w", &CloseError{Code: code})); got != want {
			t.Errorf("close code %d: final = %v", code, got)
		}
	}
	for status, want := range map[int]bool{400: true, 401: true, 403: true, 404: true, 409: true, 421: true, 408: false, 429: false, 500: false, 503: false} {
		if got := final(fmt.Errorf("open: %w", &Error{Status: status, Final: finalStatus(status)})); got != want {
			t.Errorf("status %d: final = %v", status, got)
		}
	}
	if final(fmt.Errorf("connection refused")) {
		t.Error("a network error is final")
	}
}
