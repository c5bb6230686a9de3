package chat

// house is what every command is measured by: who is more than a member, who is
// banned, how the switches stand. It is a copy of what the
// store says, renewed with every commit that changes it, so that no message waits for a query.
type house struct {
	staff    map[ID]Role
	banned   map[ID]bool
	switches Switches
}

// role is what a person is now. A session knows whether its person is a member (claiming
// a name begins a new one); more than that may come and go while it lasts.
func (h *house) role(p Person) Role {
	if role, more := h.staff[p.ID]; more {
		return role
	}
	return min(p.Role, RoleMember)
}

// house reads it as the transaction sees it.
func (t *tx) house() (*house, error) {
	h := &house{staff: map[ID]Role{}, banned: map[ID]bool{}}
	err := t.each("SELECT id, role, banned FROM person WHERE role > 1 OR banned", func(scan func(...any) error) error {
		var id int64
		var role Role
		var banned bool
		if err := scan(&id, &role, &banned); err != nil {
			return err
		}
		if role > RoleMember {
			h.staff[ID(id)] = role
		}
		if banned {
			h.banned[ID(id)] = true
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	h.switches, err = t.switches()
	return h, err
}

// each calls f with every row.
func (t *tx) each(query string, f func(scan func(...any) error) error, args ...any) error {
	stmt, err := t.prepare(query)
	if err != nil {
		return err
	}
	rows, err := stmt.QueryContext(t.ctx, args...)
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		if err := f(rows.Scan); err != nil {
			return err
		}
	}
	return rows.Err()
}

// follow does what follows from an entry for those who are here now; the follower calls it after the commit.
func (s *Server) follow(e *Entry) {
	switch e.Kind {
	case RoleChanged, NameClaimed:
		s.tellRole(e)
	case PersonBanned:
		s.cut(e)
	}
}
