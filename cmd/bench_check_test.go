package cmd

import (
	"testing"

	"chatd/chat/bench"
)

// What bench.txtar shows is that receipts are found; this is that one is missed.
func TestMissingReceipts(t *testing.T) {
	missing, err := missingReceipts(t.Context(), t.TempDir(), []bench.Receipt{{CID: "c", ID: "1", Text: "never kept"}})
	if err != nil || missing != 1 {
		t.Errorf("%d missing, %v", missing, err)
	}
}
