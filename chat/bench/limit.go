package bench

// Limit is a yardstick: a server of one thread that keeps nothing and knows nobody.
type Limit string

const (
	// LimitA writes to each client once for each message: what is possible when
	// nothing is put together.
	LimitA Limit = "a"
	// LimitB writes to each client once for all that has come meanwhile: what is
	// possible at all, on one core, with one system call for each client and round.
	LimitB Limit = "b"
)
