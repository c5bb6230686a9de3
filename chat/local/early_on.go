//go:build ack_before_commit

package local

import (
	"time"

	"chatd/chat"
)

// ackBeforeCommit: this build acknowledges what it has not saved yet. It exists
// so that the crash test can be seen to fail; nobody else builds with this tag.
const ackBeforeCommit = true

// answerEarly acknowledges, and then dawdles, so that a crash in between is likely.
func answerEarly(batch []request, entries []chat.Entry) {
	for i, r := range batch {
		r.done(chat.Receipt{Seq: entries[i].Seq, At: entries[i].At}, nil)
	}
	time.Sleep(20 * time.Millisecond)
}
