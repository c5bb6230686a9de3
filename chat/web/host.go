package web

import (
	"context"
	"net/http"
	"strconv"
	"time"

	"chatd/chat"
)

// What the host and the moderators do: becoming one, the settings, the people, who did what.

// hostForm shows what the one-time link does; only its button does it.
func (h *Handler) hostForm(w http.ResponseWriter, r *http.Request) {
	if err := h.server.HostTicket(r.Context(), chat.Secret(r.PathValue("secret"))); err != nil {
		h.ticketFailed(w, r, err)
		return
	}
	page := ticketPage{Assets: h.options.StaticPrefix, Action: r.URL.Path, Host: true, Ask: true}
	if who, err := h.visitor(w, r); err == nil && who.session != nil {
		page.Name, page.Ask = who.Name, who.Role == chat.RoleGuest
	}
	h.render(w, r, http.StatusOK, "ticket.html", page)
}

// becomeHost brings the visitor in, if he is not, gives him a password, if he has none, and makes him the host.
func (h *Handler) becomeHost(w http.ResponseWriter, r *http.Request) {
	ticket := chat.Secret(r.PathValue("secret"))
	ctx, cancel := context.WithTimeout(r.Context(), commandTimeout)
	defer cancel()
	allowed, wait := h.logins.Take(h.client(r), time.Now())
	err := h.server.HostTicket(ctx, ticket)
	if err == nil && !allowed {
		err = &chat.Error{Code: chat.RateLimited, RetryAfter: wait, Text: "Too much at once from your address. Wait a few seconds and try again."}
	}
	if err != nil {
		h.ticketFailed(w, r, err)
		return
	}
	values, err := form(w, r)
	if err != nil {
		h.ticketFailed(w, r, err)
		return
	}
	page := ticketPage{Assets: h.options.StaticPrefix, Action: r.URL.Path, Host: true, Ask: true, Nickname: values.Get("nickname")}
	who, err := h.visitor(w, r)
	if err != nil || who.session == nil {
		who, err = h.comeIn(ctx, w, page.Nickname, r)
	}
	page.Name = who.Name
	if err == nil && who.Role == chat.RoleGuest {
		var secret chat.Secret
		if secret, err = h.server.Claim(ctx, *who.session, who.Actor, values.Get("password")); err == nil {
			h.streams.end(who.session.Hash)
			w.Header().Del("Set-Cookie") // of the session that this one replaces
			h.setCookie(w, r, secret)
			who.Role = chat.RoleMember
		}
	}
	if err == nil {
		err = h.server.BecomeHost(ctx, who.Actor, ticket)
	}
	if err != nil {
		e := chat.Refusal(err)
		retryAfter(w, e)
		page.Error = h.words(r).refusal(e)
		h.render(w, r, formStatus(e), "ticket.html", page)
		return
	}
	http.Redirect(w, r, "/settings?done=host", http.StatusSeeOther)
}

// comeIn signs somebody in by a nickname, as the form of /login does.
func (h *Handler) comeIn(ctx context.Context, w http.ResponseWriter, nickname string, r *http.Request) (visitor, error) {
	secret, err := h.server.SignInHost(ctx, nickname)
	if err != nil {
		return visitor{}, err
	}
	session, _, err := h.server.Session(ctx, secret)
	if err != nil {
		return visitor{}, err
	}
	h.setCookie(w, r, secret)
	actor, err := h.server.Enter(ctx, session)
	return visitor{actor, &session}, err
}

type settingsPage struct {
	Assets, Error, Notice string
	Me                    person
	Switches              chat.Switches
	Host                  bool
	People                []settingsPerson
}

type settingsPerson struct {
	person
	Banned, You bool
	MayRole     bool // the reader may give him a role
	MayBan      bool
}

func (h *Handler) settings(w http.ResponseWriter, r *http.Request, who visitor) error {
	return h.showSettings(w, r, who, http.StatusOK, settingsPage{Notice: notices[r.URL.Query().Get("done")]})
}

func (h *Handler) showSettings(w http.ResponseWriter, r *http.Request, who visitor, status int, page settingsPage) error {
	people, err := h.server.Residents(r.Context(), who.Actor)
	if err != nil {
		return err
	}
	page.Assets, page.Me, page.Switches = h.options.StaticPrefix, newPagePerson(who.Person), h.server.Switches()
	page.Host = h.server.May(who.Actor, chat.ToSetSwitches) == nil
	for _, p := range people {
		one := settingsPerson{person: newPagePerson(p.Person), Banned: p.Banned, You: p.ID == who.ID}
		if p.Bot {
			one.Role = "bot"
		}
		one.MayRole = page.Host && p.Role != chat.RoleGuest && !p.Bot
		one.MayBan = !one.You && (p.Role <= chat.RoleMember || who.Role > p.Role)
		page.People = append(page.People, one)
	}
	h.render(w, r, status, "settings.html", page)
	return nil
}

// changeSettings takes what the forms of the settings page send: do says which.
func (h *Handler) changeSettings(w http.ResponseWriter, r *http.Request, who visitor) error {
	values, err := form(w, r)
	if err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(r.Context(), commandTimeout)
	defer cancel()
	number, _ := strconv.ParseInt(values.Get("person"), 36, 64) // 0 is nobody
	target, reason := chat.ID(number), values.Get("reason")
	switch values.Get("do") {
	case "switches":
		err = h.server.SetSwitches(ctx, who.Actor, chat.Switches{Join: values.Get("join"), Rooms: values.Get("rooms")})
	case "role":
		role, known := chat.ParseRole(values.Get("role"))
		if !known {
			return chat.Refuse(chat.BadRequest, "There is no such role.")
		}
		err = h.server.SetRole(ctx, who.Actor, target, role)
	case "ban":
		err = h.server.Ban(ctx, who.Actor, target, reason)
	case "unban":
		err = h.server.Unban(ctx, who.Actor, target, reason)
	default:
		return chat.Refuse(chat.BadRequest, "There is no such setting.")
	}
	if err != nil {
		e := chat.Refusal(err)
		if e.Code != chat.Forbidden || h.server.May(who.Actor, chat.ToSeeAudit) != nil {
			return err
		}
		return h.showSettings(w, r, who, statuses[e.Code], settingsPage{Error: h.words(r).refusal(e)})
	}
	http.Redirect(w, r, "/settings?done=changed", http.StatusSeeOther)
	return nil
}

type auditPage struct {
	Assets string
	Acts   []auditAct
	Older  string // where the page of older ones begins; "" if there are none
}

type auditAct struct {
	At, UTC, What, Reason               string // What is the key of a text, which says the others
	By, Target, Room, Role, Join, Rooms string
}

func (h *Handler) audit(w http.ResponseWriter, r *http.Request, who visitor) error {
	before, _ := chat.ParseSeq(r.URL.Query().Get("before")) // without one: the newest
	acts, more, err := h.server.Audit(r.Context(), who.Actor, before)
	if err != nil {
		return err
	}
	page, words := auditPage{Assets: h.options.StaticPrefix}, h.words(r)
	for _, a := range acts {
		act := auditAct{At: formatTime(a.At), UTC: a.At.UTC().Format("2006-01-02 15:04 UTC"), By: a.By.Name, Target: a.Target.Name, Room: a.Room, Reason: a.Reason}
		if a.By.ID == 0 {
			act.By = words.text("audit.operator")
		}
		switch a.Kind {
		case chat.RoleChanged:
			act.What, act.Role = "audit.role", words.text("role."+a.Role)
		case chat.NameClaimed:
			act.What = "audit.password"
		case chat.PersonBanned:
			act.What = "audit.ban"
		case chat.PersonUnbanned:
			act.What = "audit.unban"
		case chat.MemberRemoved:
			act.What = "audit.remove"
		case chat.RoomArchived:
			act.What = "audit.archive"
		case chat.SwitchesChanged:
			act.What, act.Join, act.Rooms = "audit.settings", words.text("settings.join_"+a.Switches.Join), words.text("settings.rooms_"+a.Switches.Rooms)
		}
		page.Acts = append(page.Acts, act)
		if more {
			page.Older = a.Seq.String()
		}
	}
	h.render(w, r, http.StatusOK, "audit.html", page)
	return nil
}
