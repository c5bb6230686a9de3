package chat_test

import (
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"chatd/chat"
)

// anyEvents is a log of everything that people do, much of it void: names that
// collide, rooms that are not there, cids that are used again.
func anyEvents(seed uint64, n int) []chat.Entry {
	chance := rand.New(rand.NewPCG(seed, 0))
	at := time.UnixMilli(1_700_000_000_000).UTC()
	seq := chat.Seq(0)
	entries := make([]chat.Entry, 0, n)
	said := []chat.Entry{{Seq: 1, Event: chat.Event{Room: chat.Lobby}}}
	for range n {
		seq += 1 + chat.Seq(chance.IntN(3))
		at = at.Add(time.Duration(chance.IntN(5000)) * time.Millisecond)
		e := chat.Event{Author: chat.ID(1 + chance.IntN(6)), CID: fmt.Sprint("c", chance.IntN(n)), At: at}
		room := []string{chat.Lobby, chat.Lobby, chat.Lobby, "ops", "ops", "news", "board", "nowhere"}[chance.IntN(8)]
		name := fmt.Sprint("name", chance.IntN(5))
		named, _ := json.Marshal(map[string]any{"name": name, "keys": []string{name, name[:4+chance.IntN(2)]}, "new": chance.IntN(4) == 0})
		target := said[chance.IntN(len(said))]
		switch chance.IntN(32) {
		case 0, 1:
			e.Kind, e.Body = chat.NameTaken, named
		case 2:
			e.Kind = chat.NameReleased
		case 3:
			e.Kind = chat.NameKept
		case 4:
			e.Kind, e.Author = chat.NameLapsed, 0
			e.Body = fmt.Appendf(nil, `{"holder":%d,"seen_through":%d}`, 1+chance.IntN(6), at.Add(-time.Duration(chance.IntN(60))*time.Second).UnixMilli())
		case 5:
			e.Kind, e.Room, e.Body = chat.RoomCreated, room, fmt.Appendf(nil, `{"title":"T","private":%v}`, chance.IntN(2) == 0)
		case 6:
			e.Kind, e.Room = chat.MemberJoined, room
		case 7:
			e.Kind, e.Room = chat.MemberLeft, room
		case 8:
			e.Kind, e.Body = chat.NameTaken, []byte("{")
		case 9, 10:
			e.Kind, e.Room, e.Body = chat.MessageEdited, target.Room, fmt.Appendf(nil, `{"message":%d,"text":"text @name%d","here":[1]}`, target.Seq, chance.IntN(3))
			if chance.IntN(2) == 0 {
				e.Author = target.Author
			}
		case 11:
			e.Kind, e.Room, e.Body = chat.MessageDeleted, target.Room, fmt.Appendf(nil, `{"message":%d}`, target.Seq)
		case 12:
			e.Kind, e.Room = []chat.Kind{chat.ReactionAdded, chat.ReactionRemoved}[chance.IntN(2)], target.Room
			e.Body = fmt.Appendf(nil, `{"message":%d,"emoji":"e%d"}`, target.Seq, chance.IntN(2))
		case 13:
			e.Kind, e.Room, e.Body = []chat.Kind{chat.MessagePinned, chat.MessageUnpinned}[chance.IntN(2)], target.Room, fmt.Appendf(nil, `{"message":%d}`, target.Seq)
		case 14:
			e.Kind, e.Room, e.Body = chat.MessagePosted, target.Room, fmt.Appendf(nil, "\x00%d\x00answer", target.Seq)
		case 15:
			e.Kind = chat.NameClaimed
		case 16:
			e.Kind, e.Author = chat.RoleChanged, chat.ID(chance.IntN(4)) // 0 is the link of the operator
			e.Body = fmt.Appendf(nil, `{"person":%d,"role":%q}`, 1+chance.IntN(6), []string{"guest", "member", "moderator", "host"}[chance.IntN(4)])
		case 17:
			e.Kind, e.Room, e.Body = chat.PersonBanned, chat.Lobby, fmt.Appendf(nil, `{"person":%d,"reason":"noise","erase":%v}`, 1+chance.IntN(3), chance.IntN(2) == 0)
		case 18:
			e.Kind, e.Body = chat.PersonUnbanned, fmt.Appendf(nil, `{"person":%d}`, 1+chance.IntN(6))
		case 19:
			e.Kind, e.Body = chat.SwitchesChanged, fmt.Appendf(nil, `{"join":%q,"rooms":%q}`, []string{"anyone", "nobody", "some"}[chance.IntN(3)], []string{"guest", "member", "host"}[chance.IntN(3)])
		case 20:
			e.Kind, e.Room, e.Body = chat.MemberInvited, room, fmt.Appendf(nil, `{"person":%d}`, 1+chance.IntN(7))
		case 21:
			e.Kind, e.Room, e.Body = chat.MemberRemoved, room, fmt.Appendf(nil, `{"person":%d}`, 1+chance.IntN(7))
		case 22:
			e.Kind, e.Room, e.Body = chat.RoomChanged, room, fmt.Appendf(nil, `{"topic":"T%d"}`, chance.IntN(3))
			if chance.IntN(4) == 0 {
				e.Kind, e.Body = chat.RoomArchived, nil
			}
		case 25:
			e.Kind, e.Room, e.Body = chat.MessageReported, target.Room, fmt.Appendf(nil, `{"message":%d}`, target.Seq)
			if chance.IntN(3) == 0 {
				e.Kind, e.Room, e.Body = chat.ReportClosed, "", fmt.Appendf(nil, `{"report":%d}`, 1+chance.IntN(int(seq)))
			}
		case 24:
			e.Kind, e.Room, e.Author, e.Body = chat.RoomSlowed, room, chat.ID(chance.IntN(4)), fmt.Appendf(nil, `{"seconds":%d}`, 30*chance.IntN(3))
		case 23:
			with := chat.ID(1 + chance.IntN(6))
			e.Kind, e.Room, e.Body = chat.RoomCreated, chat.DirectName([]chat.ID{e.Author, with}), fmt.Appendf(nil, `{"private":true,"people":[%d]}`, with)
		default:
			e.Kind, e.Room, e.Body = chat.MessagePosted, room, fmt.Appendf(nil, "text %d", chance.IntN(3))
			if seq%3 == 0 {
				e.Body = fmt.Appendf(nil, "\x000 %d %d\x00@name%d @room @here", 1+seq%7, 1+seq%5, seq%6)
			}
		}
		entries = append(entries, chat.Entry{Seq: seq, Event: e})
		if e.Kind == chat.MessagePosted {
			said = append(said, entries[len(entries)-1])
		}
	}
	return entries
}

// dump writes every view of the log down.
func dump(t *testing.T, store *chat.Store) []string {
	t.Helper()
	var lines []string
	for _, table := range []string{
		"SELECT seq, kind, room, author, at, cid, hex(body) FROM entry ORDER BY seq",
		"SELECT entry, message, reporter, closed FROM report ORDER BY entry",
		"SELECT seq FROM act ORDER BY seq",
		"SELECT id, name, held, renewed, role, banned FROM person ORDER BY id",
		"SELECT name, value FROM switch ORDER BY name",
		"SELECT key, person FROM name_key ORDER BY key",
		"SELECT * FROM room ORDER BY id",
		"SELECT room, person, at FROM paced ORDER BY room, person",
		"SELECT person, room, since, until FROM stay ORDER BY person, room, since",
		"SELECT message, room, rev, edited, deleted, reactions, pinned, answers, answered FROM standing ORDER BY message",
		"SELECT message, rev, entry, at, author, hex(sum), hex(body) FROM revision ORDER BY message, rev",
		"SELECT message, root FROM answer ORDER BY message",
		"SELECT message, emoji, person, seq, place FROM reaction ORDER BY message, emoji, person",
		"SELECT message, person, word, room FROM mention ORDER BY message, person, word",
	} {
		rows, err := chat.Reader(store).QueryContext(t.Context(), table)
		if err != nil {
			t.Fatal(err)
		}
		columns, _ := rows.Columns()
		for rows.Next() {
			values := make([]any, len(columns))
			for i := range values {
				values[i] = new(any)
			}
			if err := rows.Scan(values...); err != nil {
				t.Fatal(err)
			}
			var line strings.Builder
			line.WriteString(table[strings.Index(table, "FROM"):])
			for _, v := range values {
				fmt.Fprintf(&line, " %v", *v.(*any))
			}
			lines = append(lines, line.String())
		}
		if err := rows.Err(); err != nil {
			t.Fatal(err)
		}
		rows.Close()
	}
	return append(lines, fmt.Sprint("applied ", store.Applied()))
}

// Whoever applies the same entries reaches the same verdicts and the same
// tables, however they come in batches, however often, and whatever is forgotten in between.
func TestApplyIsDeterministic(t *testing.T) {
	for seed := range uint64(2) {
		entries := anyEvents(seed, 800)
		var tables []string
		var verdicts []string
		for i, cut := range []func(*rand.Rand) int{
			func(*rand.Rand) int { return len(entries) },
			func(*rand.Rand) int { return 1 },
			func(r *rand.Rand) int { return 1 + r.IntN(40) },
		} {
			gotVerdicts, gotTables := applyCut(t, entries, cut, i == 2)
			if i == 0 {
				tables, verdicts = gotTables, gotVerdicts
				if n := strings.Count(strings.Join(verdicts, "\n"), "refused"); n < 100 || n > 700 || len(tables) < 50 {
					t.Errorf("%d of %d are void, %d rows: this proves little", n, len(entries), len(tables))
				}
				continue
			}
			differ(t, "verdicts", gotVerdicts, verdicts)
			differ(t, "tables", gotTables, tables)
		}
	}
}

func applyCut(t *testing.T, entries []chat.Entry, cut func(*rand.Rand) int, troubled bool) (verdicts, tables []string) {
	t.Helper()
	dir := t.TempDir()
	store, err := chat.OpenStore(t.Context(), dir)
	if err != nil {
		t.Fatal(err)
	}
	chance := rand.New(rand.NewPCG(1, 1))
	for from := 0; from < len(entries); {
		to := min(len(entries), from+cut(chance))
		batch := slices.Clone(entries[from:to])
		again := 0
		if troubled { // repeats in front, and a restart now and then
			again = min(from, chance.IntN(5))
			batch = slices.Clone(entries[from-again : to])
			if chance.IntN(5) == 0 {
				store.Close()
				if store, err = chat.OpenStore(t.Context(), dir); err != nil {
					t.Fatal(err)
				}
			}
		}
		got, err := store.Apply(t.Context(), batch)
		if err != nil {
			t.Fatal(err)
		}
		for i, v := range got {
			line := fmt.Sprintf("%d: place %d at %d dup %v", batch[i].Seq, v.Seq, v.At.UnixMilli(), v.Dup)
			if v.Refused != nil {
				line = fmt.Sprintf("%d: refused %s", batch[i].Seq, v.Refused)
			}
			if i >= again {
				verdicts = append(verdicts, line)
				if v.Refused == nil && !v.Dup && batch[i].By.ID != batch[i].Author {
					t.Errorf("entry %d stands, and By is %+v", batch[i].Seq, batch[i].By)
				}
			} else if first := verdicts[from-again+i]; (v.Refused != nil) != strings.Contains(first, "refused") ||
				v.Refused == nil && !strings.Contains(first, fmt.Sprintf(": place %d at %d ", v.Seq, v.At.UnixMilli())) {
				t.Errorf("applied again: %s; the first time it was %s", line, first)
			}
		}
		from = to
	}
	tables = dump(t, store)
	if err := store.Close(); err != nil {
		t.Fatal(err)
	}
	return verdicts, tables
}

func differ(t *testing.T, what string, got, want []string) {
	t.Helper()
	for i := range max(len(got), len(want)) {
		if i >= len(got) || i >= len(want) || got[i] != want[i] {
			t.Fatalf("%s differ in line %d of %d and %d:\n%v\n%v", what, i, len(got), len(want), got[min(i, len(got)):min(i+1, len(got))], want[min(i, len(want)):min(i+1, len(want))])
		}
	}
}
