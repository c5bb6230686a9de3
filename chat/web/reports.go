package web

import (
	"context"
	"net/http"

	"chatd/chat"
)

// What people ask the moderators to look at.

func (h *Handler) report(w http.ResponseWriter, r *http.Request, who visitor) error {
	var want struct {
		Message string `json:"message"`
		Reason  string `json:"reason"`
	}
	return h.do(w, r, &want, func(ctx context.Context, room string) error {
		seq, _ := chat.ParseSeq(want.Message) // 0 is no message
		return h.server.Report(ctx, who.Actor, room, seq, want.Reason)
	}, who)
}

type reportsPage struct {
	Assets  string
	Reports []reportRow
}

type reportRow struct {
	chat.Report
	AtJSON, UTC string
}

func (h *Handler) reports(w http.ResponseWriter, r *http.Request, who visitor) error {
	reports, err := h.server.Reports(r.Context(), who.Actor)
	if err != nil {
		return err
	}
	page := reportsPage{Assets: h.options.StaticPrefix}
	for _, one := range reports {
		page.Reports = append(page.Reports, reportRow{one, formatTime(one.At), one.At.Format("2 Jan 2006, 15:04 UTC")})
	}
	h.render(w, r, http.StatusOK, "reports.html", page)
	return nil
}

// closeReport is the button beside a report.
func (h *Handler) closeReport(w http.ResponseWriter, r *http.Request, who visitor) error {
	values, err := readForm(w, r)
	if err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(r.Context(), commandTimeout)
	defer cancel()
	seq, _ := chat.ParseSeq(values.Get("report")) // 0 is none, and closed already
	if err := h.server.CloseReport(ctx, who.Actor, seq); err != nil {
		return err
	}
	http.Redirect(w, r, "/reports", http.StatusSeeOther)
	return nil
}
