package bench

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
)

// lobby is the room in which everybody is without joining.
const lobby = "lobby"

// settle makes the rooms of a crowd and puts people into them. One room on a
// server of our own is the lobby; everything else gets rooms of its own.
func (r *run) settle(ctx context.Context, c *crowd) error {
	n := max(r.load.Rooms, 1)
	if n == 1 && (c.server.Process != nil || !c.server.SignsIn) {
		c.rooms = []*room{{name: lobby}}
		return nil
	}
	for i := range n {
		c.rooms = append(c.rooms, &room{name: fmt.Sprintf("bench-%s-%d", c.run[:6], i)})
	}
	if !c.server.SignsIn {
		return nil
	}
	client, done := newHTTPClient()
	defer done()
	// Whoever makes a room is in it.
	err := parallel(ctx, n, func(ctx context.Context, i int) error {
		r.progress.show("making room %d of %d", i+1, n)
		return call(ctx, client, c.server.URL+"/api/rooms", &c.people[i], map[string]string{"room": c.rooms[i].name})
	})
	if err != nil {
		return fmt.Errorf("make rooms: %w", err)
	}
	err = parallel(ctx, len(c.people)-n, func(ctx context.Context, i int) error {
		i += n
		r.progress.show("%d of %d people are in their rooms", i, len(c.people))
		return call(ctx, client, c.server.URL+"/api/rooms/"+c.rooms[i%n].name+"/join", &c.people[i], nil)
	})
	if err != nil {
		return fmt.Errorf("join rooms: %w", err)
	}
	return nil
}

// call posts JSON to the server in somebody's name.
func call(ctx context.Context, client *http.Client, address string, who *Person, body any) error {
	var content bytes.Buffer
	if body != nil {
		if err := json.NewEncoder(&content).Encode(body); err != nil {
			return err
		}
	}
	request, err := http.NewRequestWithContext(ctx, http.MethodPost, address, &content)
	if err != nil {
		return err
	}
	request.Header.Set("Content-Type", "application/json")
	request.Header.Set("Cookie", who.Cookie)
	request.Header.Set("Origin", "http://"+request.URL.Host)
	answer, err := client.Do(request)
	if err != nil {
		return err
	}
	defer answer.Body.Close()
	said, err := io.ReadAll(io.LimitReader(answer.Body, 1<<10))
	if err == nil && answer.StatusCode >= 300 {
		err = fmt.Errorf("the server answered %s: %s", answer.Status, said)
	}
	return err
}
