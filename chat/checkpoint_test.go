package chat_test

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"chatd/chat"
)

// However much is written, and however busily it is read meanwhile, the write-ahead log begins anew
// every now and then; and at the end it is gone.
func TestWriteAheadLogStaysSmall(t *testing.T) {
	const senders = 20
	dir := t.TempDir()
	c := newCrowd(t, crowdOptions{dir: dir})
	reading, stop := context.WithCancel(t.Context())
	var readers, writers sync.WaitGroup
	defer readers.Wait()
	defer stop()
	ann := c.signIn("ann")
	for range 2 {
		readers.Go(func() {
			for reading.Err() == nil {
				if _, err := c.server.Page(reading, ann, chat.Lobby, chat.PageQuery{Limit: 50}); err != nil && reading.Err() == nil {
					t.Error(err)
					return
				}
			}
		})
	}
	text := strings.Repeat("x", 15_000)
	var said atomic.Int64
	for i := range senders {
		writers.Go(func() {
			for said.Add(int64(len(text))) < 6*chat.CheckpointBytes {
				if _, err := c.server.Post(t.Context(), ann, chat.Post{Room: chat.Lobby, Text: text}); err != nil {
					t.Errorf("sender %d: %v", i, err)
					return
				}
			}
		})
	}
	writers.Wait()
	wal := filepath.Join(dir, "chat.db-wal")
	if size := sizeOf(t, wal); size > 4*chat.CheckpointBytes { // what is written while one is under way comes on top
		t.Errorf("after %d bytes of text the log has %d; want at most %d", said.Load(), size, 4*chat.CheckpointBytes)
	}
	stop()
	readers.Wait()
	c.cancel()
	if err := <-c.ended; err != nil {
		t.Fatal(err)
	}
	c.ended <- nil // for who waits for it at the end of the test
	if err := c.store.Close(); err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(wal); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("after closing there still is a log: %v", err)
	}
}

func sizeOf(t *testing.T, path string) int64 {
	t.Helper()
	info, err := os.Stat(path)
	if err != nil {
		t.Fatal(err)
	}
	return info.Size()
}
