// Package password turns passwords into keys, slowly on purpose. It knows argon2id
// and how much of it; it knows no people, and keeps nothing.
package password

import "golang.org/x/crypto/argon2"

// What OWASP's Password Storage Cheat Sheet asks of argon2id at least.
const (
	memory  = 19 << 10 // KiB
	passes  = 2
	threads = 1
	size    = 32 // bytes
)

// Key is the key of a password with this salt. It takes 19 MiB and some tens of milliseconds.
// Other numbers make other keys: they would need another version in chat.kiln.
func Key(password string, salt []byte) []byte {
	return argon2.IDKey([]byte(password), salt, passes, memory, threads, size)
}
