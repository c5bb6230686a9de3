package bench

import (
	"context"
	"fmt"
	"net/url"
	"time"
)

// reconnect opens streams again where they broke off, and returns when all of them are
// live. What was posted on them and not acknowledged is posted again.
func (c *crowd) reconnect(ctx context.Context, conns []*conn, a *approach) error {
	query := a.query
	a.query = func(conn *conn) url.Values {
		q := query(conn)
		q.Set("after", conn.position())
		q.Set("epoch", c.epoch)
		return q
	}
	began := time.Now()
	for gone := conns; len(gone) > 0; gone = over(conns) { // the server may end some of them again
		if time.Since(began) > patience {
			return fmt.Errorf("%d of %d streams on %s do not last", len(gone), len(conns), c.server.Name)
		}
		for _, conn := range gone {
			conn.reader.undo()
			conn.partial, conn.over, conn.reply = nil, false, ""
		}
		if err := c.connect(ctx, gone, a); err != nil || c.failed > 0 {
			return err
		}
	}
	for _, conn := range conns {
		c.repost(conn)
	}
	return nil
}

// over are those that have ended.
func over(conns []*conn) (list []*conn) {
	for _, conn := range conns {
		if conn.over {
			list = append(list, conn)
		}
	}
	return list
}

// repost sends again, with the same cids, what was not acknowledged.
func (c *crowd) repost(from *conn) {
	if !from.publishes {
		return
	}
	for number := range c.messages {
		if m := &c.messages[number]; m.by == from && !m.acked {
			from.out = appendPost(from.out, c.run, from.room.name, number, c.size)
		}
	}
	from.flush()
}
