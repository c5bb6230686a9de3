package password

import (
	"encoding/hex"
	"testing"
)

// The keys that are kept must still fit tomorrow.
func TestKeyStaysTheSame(t *testing.T) {
	got := hex.EncodeToString(Key("correct horse battery staple", []byte("0123456789abcdef")))
	if want := "832e52b959b967b570ee4781f6c7bda7ced019ca266ac781fd2d94d4e853b0cd"; got != want {
		t.Errorf("the key is %s, want %s", got, want)
	}
}
