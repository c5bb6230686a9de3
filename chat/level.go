package chat

import "context"

// Level is what somebody wants to be told of a room. It is his own: nobody else is told, and all of his
// devices keep to it.
//
//	              its unread messages   what mentions him       the room in his list
//	everything    a badge, the title    a badge, the title      yes
//	mentions      -                     a badge, the title      yes
//	nothing       -                     -                       yes, paler
//	invisible     -                     -                       no: only the switcher finds it
//
// Whatever the level, what mentions him stands in the list of mentions.
type Level int

// The levels, as they are stored.
const (
	Everything Level = iota
	JustMentions
	Nothing
	Invisible
)

var levelNames = [...]string{"everything", "mentions", "nothing", "invisible"}

// String is the level as it stands on the wire.
func (l Level) String() string { return levelNames[l] }

// ParseLevel reads what String wrote.
func ParseLevel(text string) (Level, bool) {
	for i, name := range levelNames {
		if name == text {
			return Level(i), true
		}
	}
	return 0, false
}

// SetLevel says what the actor wants to be told of a room he is in. It is written when it returns.
func (s *Server) SetLevel(ctx context.Context, actor Actor, room string, level Level) error {
	if err := s.limit(s.joins, actor.ID); err != nil {
		return err
	}
	r, err := s.mayIn(ctx, actor, ToSetLevel, room)
	if err != nil || r.Level == level {
		return err
	}
	err = s.store.update(func(t *tx) (err error) {
		if level == Everything {
			_, err = t.exec("DELETE FROM level WHERE person = ? AND room = ?", int64(actor.ID), r.row.id)
		} else {
			_, err = t.exec("INSERT INTO level (person, room, level) VALUES (?1, ?2, ?3) ON CONFLICT DO UPDATE SET level = ?3", int64(actor.ID), r.row.id, int64(level))
		}
		return err
	})
	if err != nil {
		return err
	}
	if r, err = s.Room(ctx, actor, room); err == nil {
		s.tellReading(actor, r)
	}
	return err
}
