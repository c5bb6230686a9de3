package chattest_test

import (
	"testing"
	"time"

	"go.uber.org/goleak"

	"chatd/chat"
	"chatd/chat/chattest"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

func TestAsync(t *testing.T) {
	chattest.LogSuite(t, func(_ testing.TB, store *chat.Store) chat.Log {
		return chattest.NewAsync(store, time.Now, 1)
	})
}
