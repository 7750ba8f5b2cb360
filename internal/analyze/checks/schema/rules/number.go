package rules

import (
	"time"

	"google.golang.org/protobuf/types/known/durationpb"
)

// IsPort knows port numbers.
func IsPort(number uint32) bool { return number >= 1 && number <= 65535 }

// Port wants a port number.
func (j *Judge) Port(number uint32, at *Place) {
	if !IsPort(number) {
		j.Wrong(at, "%d is no port number: 1 to 65535", number)
	}
}

// Duration wants at least a millisecond, and whole ones; nil is right.
func (j *Judge) Duration(duration *durationpb.Duration, at *Place) {
	if duration == nil {
		return
	}
	switch d := duration.AsDuration(); {
	case d < time.Millisecond:
		j.Wrong(at, "a duration has 1ms at least, and this is %s", d)
	case d%time.Millisecond != 0:
		j.Wrong(at, "a duration is counted in whole milliseconds, and this is %s", d)
	}
}

// Percent wants 0 to 100.
func (j *Judge) Percent(value float64, at *Place) {
	if !(value >= 0 && value <= 100) {
		j.Wrong(at, "a percentage is from 0 to 100, not %v", value)
	}
}

// Share wants a percentage that is nothing, or as much as proxies can tell from it.
func (j *Judge) Share(value float64, at *Place) {
	if value > 0 && value < 0.0001 {
		j.Wrong(at, "a percentage is 0 or from 0.0001 to 100, not %v", value)
		return
	}
	j.Percent(value, at)
}

// NotNegative wants 0 or more.
func (j *Judge) NotNegative(value int32, at *Place) {
	if value < 0 {
		j.Wrong(at, "this cannot be negative, and is %d", value)
	}
}
