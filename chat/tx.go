package chat

import (
	"context"
	"database/sql"
)

// tx is the one writer's transaction: its connection, its prepared statements,
// and what it remembers of the store between entries. Owned by Store.update.
type tx struct {
	ctx        context.Context // never ends: a transaction is not broken off half-way
	conn       *sql.Conn
	statements map[string]*sql.Stmt
	rooms      map[string]roomRow
	people     map[ID]standing
}

// maxRemembered bounds each of the maps; a full one starts anew.
const maxRemembered = 20_000

// forget drops what was remembered: something may have been rolled back.
func (t *tx) forget() {
	t.rooms = map[string]roomRow{}
	t.people = map[ID]standing{}
}

func (t *tx) prepare(query string) (*sql.Stmt, error) {
	if stmt := t.statements[query]; stmt != nil {
		return stmt, nil
	}
	stmt, err := t.conn.PrepareContext(t.ctx, query)
	if err == nil {
		t.statements[query] = stmt
	}
	return stmt, err
}

// do runs a statement that takes and gives nothing.
func (t *tx) do(query string) error {
	stmt, err := t.prepare(query)
	if err == nil {
		_, err = stmt.ExecContext(t.ctx)
	}
	return err
}

// exec runs a statement and says whether it changed a row.
func (t *tx) exec(query string, args ...any) (changed bool, err error) {
	stmt, err := t.prepare(query)
	if err != nil {
		return false, err
	}
	result, err := stmt.ExecContext(t.ctx, args...)
	if err != nil {
		return false, err
	}
	n, err := result.RowsAffected()
	return n > 0, err
}

// row asks for one row. A statement that cannot be prepared surfaces in Scan.
func (t *tx) row(query string, args ...any) *sql.Row {
	stmt, err := t.prepare(query)
	if err != nil {
		return t.conn.QueryRowContext(t.ctx, query, args...)
	}
	return stmt.QueryRowContext(t.ctx, args...)
}

func (t *tx) close() {
	for _, stmt := range t.statements {
		stmt.Close()
	}
	t.conn.Close()
}
