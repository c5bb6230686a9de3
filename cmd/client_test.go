package cmd_test

import (
	"errors"
	"testing"

	"chatd/chat/client"
)

// A program does with messages what people do.
func TestClientActsOnMessages(t *testing.T) {
	server := start(t, binary(t), "--port", "0", "--data", t.TempDir())
	ana, bob := signedIn(t, server.URL, "ana"), signedIn(t, server.URL, "bob")
	did := func(r client.Receipt, err error) client.Receipt {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		return r
	}
	first := did(ana.Post(within(t), "lobby", "lunch?", ""))
	answer := did(bob.Reply(within(t), "lobby", first.ID, "at on", "r1"))
	if again := did(bob.Reply(within(t), "lobby", first.ID, "at on", "r1")); !again.Dup || again.ID != answer.ID {
		t.Errorf("the same answer again is %+v", again)
	}
	did(bob.Edit(within(t), "lobby", answer.ID, "at one", ""))
	did(bob.React(within(t), "lobby", first.ID, "👍", true, ""))
	did(ana.React(within(t), "lobby", first.ID, "👍", true, ""))
	did(ana.React(within(t), "lobby", first.ID, "👍", false, ""))
	did(ana.Pin(within(t), "lobby", first.ID, true, ""))
	if r := did(bob.Pin(within(t), "lobby", first.ID, true, "")); !r.Dup || r.ID != "" {
		t.Errorf("what is pinned already is %+v", r)
	}
	_, err := bob.Delete(within(t), "lobby", first.ID, "")
	if refused, ok := errors.AsType[*client.Error](err); !ok || refused.Code != "forbidden" {
		t.Errorf("bob deletes what ana said: %v", err)
	}

	thread, err := ana.Thread(within(t), "lobby", answer.ID, client.PageQuery{})
	if err != nil || len(thread.Messages) != 1 {
		t.Fatalf("%+v, %v", thread, err)
	}
	root, reply := thread.Root, thread.Messages[0]
	if root.ID != first.ID || !root.Pinned || len(root.Reactions) != 1 || root.Reactions[0].By[0].Name != "bob" || root.Thread.Answers != 1 {
		t.Errorf("the message reads %s", root.Raw)
	}
	if reply.Text != "at one" || reply.EditedAt.IsZero() || reply.Reply.Text != "lunch?" || reply.Thread.Root != first.ID {
		t.Errorf("the answer reads %s", reply.Raw)
	}
	did(bob.Delete(within(t), "lobby", answer.ID, ""))
	did(ana.Pin(within(t), "lobby", first.ID, false, ""))
	page, err := ana.Page(within(t), "lobby", client.PageQuery{})
	if err != nil || page.Messages[0].Pinned || page.Messages[0].Thread != nil || !page.Messages[1].Deleted || page.Messages[1].Text != "" {
		t.Errorf("%+v, %v", page, err)
	}
}

func signedIn(t *testing.T, address, name string) *client.Client {
	t.Helper()
	c, err := client.New(address)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(c.Close)
	if err := c.SignIn(within(t), name); err != nil {
		t.Fatal(err)
	}
	return c
}
