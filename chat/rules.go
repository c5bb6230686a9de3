package chat

import "fmt"

// The kinds of events there are, each with the number it is stored under (never
// reused, never changed) and the rule that decides whether it stands and keeps
// its views. Adding something that people can do adds a line here.
//
// Apply is deterministic: a rule looks at the store and the entry and at nothing
// else, so that every node that follows the log reaches the same verdict.
var rules = map[Kind]rule{
	MessagePosted: {code: 1, inRoom: true, public: true, refusesFirst: true, apply: applyMessagePosted},
	RoomCreated:   {code: 2, public: true, apply: applyRoomCreated},
	MemberJoined:  {code: 3, inRoom: true, public: true, apply: applyMemberJoined},
	MemberLeft:    {code: 4, inRoom: true, public: true, apply: applyMemberLeft},
	NameTaken:     {code: 5, apply: applyNameTaken},
	NameKept:      {code: 6, apply: applyNameKept},
	NameReleased:  {code: 7, apply: applyNameReleased},
	NameLapsed:    {code: 8, apply: applyNameLapsed},

	MessageEdited:   {code: 20, inRoom: true, public: true, about: true, keeps: keepsEdit, apply: applyMessageEdited},
	MessageDeleted:  {code: 21, inRoom: true, public: true, about: true, apply: applyMessageDeleted},
	ReactionAdded:   {code: 22, inRoom: true, public: true, about: true, apply: applyReactionAdded},
	ReactionRemoved: {code: 23, inRoom: true, public: true, about: true, apply: applyReactionRemoved},
	MessagePinned:   {code: 24, inRoom: true, public: true, about: true, apply: applyMessagePinned},
	MessageUnpinned: {code: 25, inRoom: true, public: true, about: true, apply: applyMessageUnpinned},

	RoomChanged:   {code: 30, inRoom: true, public: true, apply: applyRoomChanged},
	MemberInvited: {code: 32, inRoom: true, public: true, apply: applyMemberInvited},

	// From 40 to 59 is what the moderators read in the audit.
	MemberRemoved:   {code: 45, inRoom: true, public: true, apply: applyMemberRemoved},
	RoomArchived:    {code: 46, inRoom: true, public: true, apply: applyRoomArchived},
	RoleChanged:     {code: 40, house: true, apply: applyRoleChanged},
	NameClaimed:     {code: 41, house: true, apply: applyNameClaimed},
	PersonBanned:    {code: 42, house: true, apply: applyPersonBanned},
	PersonUnbanned:  {code: 43, house: true, apply: applyPersonUnbanned},
	SwitchesChanged: {code: 44, house: true, apply: applySwitchesChanged},
}

type rule struct {
	code   int
	inRoom bool // belongs to a room that must exist
	public bool // goes to the people in its room; else nobody is told
	// refusesFirst says that the rule writes nothing before it is sure: then the entry
	// needs no savepoint, which costs as much as the rest of a message (BenchmarkAppend).
	refusesFirst bool
	house        bool // changes what every command is measured by (house.go)
	about        bool // is about a message: its body is an about
	// keeps says what of the body is stored; nil: all of it.
	keeps func([]byte) []byte
	apply func(*tx, *Entry) error
}

var kindOfCode = func() map[int]Kind {
	kinds := map[int]Kind{}
	for kind, r := range rules {
		if other, taken := kinds[r.code]; taken {
			panic(fmt.Sprintf("chat: %s and %s have the same code", kind, other))
		}
		kinds[r.code] = kind
	}
	return kinds
}()
