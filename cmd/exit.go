package cmd

import (
	"errors"
	"fmt"
)

// Exit statuses of chatd, for service managers and scripts. 0 is success: the
// command did what it was asked, or the server was told to stop and did.
const (
	exitFailed  = 1  // anything that has no status of its own
	exitUsage   = 2  // something typed cannot be, or the port is taken: type something else
	exitStorage = 75 // the disk failed or is full: EX_TEMPFAIL of sysexits.h, worth starting again
)

// exitError is an error that knows the status with which chatd ends. A nil err
// ends it without a word.
type exitError struct {
	status int
	err    error
}

func (e *exitError) Error() string {
	if e.err == nil {
		return ""
	}
	return e.err.Error()
}

func (e *exitError) Unwrap() error { return e.err }

// usageError is a sentence about something that a person typed; status 2.
func usageError(format string, args ...any) error {
	return &exitError{status: exitUsage, err: fmt.Errorf(format, args...)}
}

// failure is a sentence about something that went wrong; status 1.
func failure(format string, args ...any) error {
	return &exitError{status: exitFailed, err: fmt.Errorf(format, args...)}
}

// exitStatus is the status that err asks for: 0 for nil, 1 where it does not say.
func exitStatus(err error) int {
	if err == nil {
		return 0
	}
	if e, ok := errors.AsType[*exitError](err); ok {
		return e.status
	}
	return exitFailed
}
