package web

import "net/http"

// How close messages stand: cosy, or compact for those who want to see more of them. It is kept in the browser: a person's
// phone and desk differ in this. The page is written so from the start, and does not move when its script runs.

const densityCookie = "chatd-density"

// compact says whether the reader chose that.
func compact(r *http.Request) bool {
	chosen, err := r.Cookie(densityCookie)
	return err == nil && chosen.Value == "compact"
}

// chooseDensity keeps the choice of how close messages stand.
func (h *Handler) chooseDensity(w http.ResponseWriter, r *http.Request) {
	form, err := readForm(w, r)
	if err != nil {
		h.formFailed(w, r, err)
		return
	}
	chosen := "cosy"
	if form.Get("density") == "compact" {
		chosen = "compact"
	}
	h.keepChoice(w, r, densityCookie, chosen)
}
