//go:build !ack_before_commit

package local

import "chatd/chat"

// ackBeforeCommit is the broken promise that the crash test must notice; see early_on.go.
const ackBeforeCommit = false

func answerEarly([]request, []chat.Entry) {}
