package web

import (
	"context"
	"net/http"

	"chatd/chat"
)

// Somebody, and what can be done with him.

type profileJSON struct {
	memberJSON
	Banned  bool     `json:"banned,omitzero"`
	Ignored bool     `json:"ignored,omitzero"`
	May     []string `json:"may,omitempty"`
}

// profile says who somebody is, and what one may do with him: in the room of the query, too.
func (h *Handler) profile(w http.ResponseWriter, r *http.Request, who visitor) error {
	p, err := h.server.Profile(r.Context(), who.Actor, parseID(r.PathValue("person")), r.URL.Query().Get("room"))
	if err != nil {
		return err
	}
	answer(w, http.StatusOK, profileJSON{memberJSON{newPerson(p.Person), p.Here}, p.Banned, p.Ignore, p.May})
	return nil
}

// doTo carries out a command about somebody, and answers with who he is then.
func (h *Handler) doTo(w http.ResponseWriter, r *http.Request, who visitor, want any, command func(context.Context, chat.ID) error) error {
	if err := decodeBody(w, r, want); err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(r.Context(), commandTimeout)
	defer cancel()
	if err := command(ctx, parseID(r.PathValue("person"))); err != nil {
		return err
	}
	return h.profile(w, r.WithContext(ctx), who)
}

func (h *Handler) setRole(w http.ResponseWriter, r *http.Request, who visitor) error {
	var want struct {
		Role string `json:"role"`
	}
	return h.doTo(w, r, who, &want, func(ctx context.Context, person chat.ID) error {
		role, known := chat.ParseRole(want.Role)
		if !known {
			role = chat.RoleGuest // refused as such
		}
		return h.server.SetRole(ctx, who.Actor, person, role)
	})
}

func (h *Handler) ignore(w http.ResponseWriter, r *http.Request, who visitor) error {
	var want struct {
		Ignored bool `json:"ignored"`
	}
	return h.doTo(w, r, who, &want, func(ctx context.Context, person chat.ID) error {
		return h.server.Ignore(ctx, who.Actor, person, want.Ignored)
	})
}

func (h *Handler) ignored(w http.ResponseWriter, r *http.Request, who visitor) error {
	people, err := h.server.Ignored(r.Context(), who.Actor)
	if err != nil {
		return err
	}
	answer(w, http.StatusOK, map[string]any{"people": newPeople(people)})
	return nil
}

func newPeople(people []chat.Person) []personJSON {
	list := make([]personJSON, len(people))
	for i, p := range people {
		list[i] = newPerson(p)
	}
	return list
}

// unignore is the button beside a name on the account's page.
func (h *Handler) unignore(w http.ResponseWriter, r *http.Request, who visitor) error {
	values, err := readForm(w, r)
	if err != nil {
		return err
	}
	if err := h.server.Ignore(r.Context(), who.Actor, parseID(values.Get("person")), false); err != nil {
		return err
	}
	http.Redirect(w, r, "/account?done=changed", http.StatusSeeOther)
	return nil
}

func (h *Handler) ban(w http.ResponseWriter, r *http.Request, who visitor) error {
	var want struct {
		Reason string `json:"reason"`
		Erase  bool   `json:"erase"`
	}
	return h.doTo(w, r, who, &want, func(ctx context.Context, person chat.ID) error {
		return h.server.Ban(ctx, who.Actor, person, want.Reason, want.Erase)
	})
}

func (h *Handler) unban(w http.ResponseWriter, r *http.Request, who visitor) error {
	var want struct {
		Reason string `json:"reason"`
	}
	return h.doTo(w, r, who, &want, func(ctx context.Context, person chat.ID) error {
		return h.server.Unban(ctx, who.Actor, person, want.Reason)
	})
}
