package web

// Silent is how many streams nobody waits for but the poller; ok is false where there is none.
func (h *Handler) Silent() (n int, ok bool) {
	p := h.streams.poller
	p.mu.Lock()
	defer p.mu.Unlock()
	return len(p.waiting), true
}
