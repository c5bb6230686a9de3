package cmd

import (
	"context"
	"errors"

	"chatd/chat"
	"chatd/chat/bench"
)

// missingReceipts opens the database in dir and counts the messages that it does
// not have as they were acknowledged: the place, the cid and the text.
func missingReceipts(ctx context.Context, dir string, receipts []bench.Receipt) (missing int, err error) {
	store, err := chat.OpenStore(ctx, dir)
	if err != nil {
		return 0, err
	}
	defer func() { err = errors.Join(err, store.Close()) }()
	wanted := make(map[bench.Receipt]struct{}, len(receipts))
	for _, r := range receipts {
		wanted[r] = struct{}{}
	}
	const page = 10_000
	for after := chat.Seq(0); ; {
		entries, err := store.Entries(ctx, after, page)
		if err != nil {
			return 0, err
		}
		for _, e := range entries {
			delete(wanted, bench.Receipt{CID: e.CID, ID: e.Seq.String(), Text: string(e.Body)})
			after = e.Seq
		}
		if len(entries) < page {
			return len(wanted), nil
		}
	}
}
