package web

import (
	"context"
	"net/http"
	"strconv"

	"chatd/chat"
)

// Rooms over HTTP: what there is, who is in it, and what can be done with it.

type roomJSON struct {
	Room     string       `json:"room"`
	Title    string       `json:"title"`
	Topic    string       `json:"topic,omitempty"`
	Private  bool         `json:"private"`
	Recent   bool         `json:"recent,omitzero"`
	Direct   bool         `json:"direct,omitzero"`
	People   []personJSON `json:"people,omitempty"`
	Archived bool         `json:"archived,omitzero"`
	Joined   bool         `json:"joined"`
	Muted    bool         `json:"muted,omitzero"`
	May      []string     `json:"may,omitempty"`
	Unread   int          `json:"unread"`
	Head     string       `json:"head"`
}

func newRoom(r chat.Room) roomJSON {
	room := roomJSON{
		Room: r.Name, Title: r.Title, Topic: r.Topic, Private: r.Private, Recent: r.Recent, Direct: r.Direct, Archived: r.Archived,
		Joined: r.Joined, Muted: r.Muted, May: r.May, Unread: r.Unread, Head: r.Head.String(),
	}
	for _, p := range r.People {
		room.People = append(room.People, newPerson(p))
	}
	return room
}

func newRooms(rooms []chat.Room) []roomJSON {
	list := make([]roomJSON, len(rooms))
	for i, room := range rooms {
		list[i] = newRoom(room)
	}
	return list
}

func (h *Handler) rooms(w http.ResponseWriter, r *http.Request, who visitor) error {
	list, err := h.server.Rooms(r.Context(), who.Actor)
	if err != nil {
		return err
	}
	answer(w, http.StatusOK, map[string]any{"rooms": newRooms(list.Rooms), "cursor": list.Cursor.String()})
	return nil
}

func (h *Handler) createRoom(w http.ResponseWriter, r *http.Request, who visitor) error {
	var want struct {
		Room    string `json:"room"`
		Title   string `json:"title"`
		Topic   string `json:"topic"`
		Private bool   `json:"private"`
		Recent  bool   `json:"recent"`
	}
	if err := decodeBody(w, r, &want); err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(r.Context(), commandTimeout)
	defer cancel()
	receipt, err := h.server.CreateRoom(ctx, who.Actor, chat.NewRoom{Name: want.Room, Title: want.Title, Topic: want.Topic, Private: want.Private, Recent: want.Recent})
	if err != nil {
		return err
	}
	room, err := h.server.Room(ctx, who.Actor, want.Room)
	if err != nil {
		return err
	}
	answer(w, http.StatusCreated, map[string]any{"id": receipt.Seq.String(), "room": room.Name, "title": room.Title, "private": room.Private})
	return nil
}

func (h *Handler) changeRoom(w http.ResponseWriter, r *http.Request, who visitor) error {
	var want chat.Change
	return h.do(w, r, &want, func(ctx context.Context, room string) error { return h.server.ChangeRoom(ctx, who.Actor, room, want) }, who)
}

func (h *Handler) archiveRoom(w http.ResponseWriter, r *http.Request, who visitor) error {
	return h.do(w, r, nil, func(ctx context.Context, room string) error { return h.server.Archive(ctx, who.Actor, room) }, who)
}

func (h *Handler) mute(w http.ResponseWriter, r *http.Request, who visitor) error {
	var want struct {
		Muted bool `json:"muted"`
	}
	return h.do(w, r, &want, func(ctx context.Context, room string) error { return h.server.Mute(ctx, who.Actor, room, want.Muted) }, who)
}

// do carries out a command about a room, and answers with the room as it is then.
func (h *Handler) do(w http.ResponseWriter, r *http.Request, want any, command func(context.Context, string) error, who visitor) error {
	if want != nil {
		if err := decodeBody(w, r, want); err != nil {
			return err
		}
	}
	ctx, cancel := context.WithTimeout(r.Context(), commandTimeout)
	defer cancel()
	name := r.PathValue("room")
	if err := command(ctx, name); err != nil {
		return err
	}
	room, err := h.server.Room(ctx, who.Actor, name)
	if err != nil {
		return err
	}
	answer(w, http.StatusOK, newRoom(room))
	return nil
}

func (h *Handler) invite(w http.ResponseWriter, r *http.Request, who visitor) error {
	return h.moveOther(w, r, who, h.server.Invite)
}

func (h *Handler) remove(w http.ResponseWriter, r *http.Request, who visitor) error {
	return h.moveOther(w, r, who, h.server.Remove)
}

func (h *Handler) moveOther(w http.ResponseWriter, r *http.Request, who visitor, move func(context.Context, chat.Actor, string, chat.ID) error) error {
	var want struct {
		Person string `json:"person"`
	}
	return h.do(w, r, &want, func(ctx context.Context, room string) error {
		// What is no identity is nobody's: whether there is such a room is asked first.
		return move(ctx, who.Actor, room, parseID(want.Person))
	}, who)
}

// parseID reads who is meant; nobody, if it is no identity.
func parseID(text string) chat.ID {
	id, err := strconv.ParseInt(text, 36, 64)
	if err != nil || id < 0 {
		return 0
	}
	return chat.ID(id)
}

func (h *Handler) direct(w http.ResponseWriter, r *http.Request, who visitor) error {
	var want struct {
		People []string `json:"people"`
	}
	if err := decodeBody(w, r, &want); err != nil {
		return err
	}
	var with []chat.ID
	for _, text := range want.People {
		with = append(with, parseID(text))
	}
	ctx, cancel := context.WithTimeout(r.Context(), commandTimeout)
	defer cancel()
	room, made, err := h.server.Direct(ctx, who.Actor, with)
	if err != nil {
		return err
	}
	status := http.StatusOK
	if made {
		status = http.StatusCreated
	}
	answer(w, status, newRoom(room))
	return nil
}

type memberJSON struct {
	personJSON
	Here bool `json:"here"`
}

func (h *Handler) members(w http.ResponseWriter, r *http.Request, who visitor) error {
	members, err := h.server.Members(r.Context(), who.Actor, r.PathValue("room"))
	if err != nil {
		return err
	}
	answerMembers(w, members)
	return nil
}

func (h *Handler) people(w http.ResponseWriter, r *http.Request, _ visitor) error {
	people, err := h.server.Find(r.Context(), r.URL.Query().Get("name"))
	if err != nil {
		return err
	}
	answerMembers(w, people)
	return nil
}

func answerMembers(w http.ResponseWriter, members []chat.Member) {
	list := make([]memberJSON, len(members))
	for i, m := range members {
		list[i] = memberJSON{newPerson(m.Person), m.Here}
	}
	answer(w, http.StatusOK, map[string]any{"people": list})
}
