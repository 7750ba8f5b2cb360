package cli

import (
	"errors"
	"strconv"
	"time"

	"github.com/spf13/pflag"
)

// wants says what a flag takes if text is nothing of that kind. Trying text out
// on the flag would change it, and the flag may be one of another command; so
// types of our own are left to the command that has them.
func wants(flag *pflag.Flag, text string) error {
	var err error
	switch flag.Value.Type() {
	case "bool":
		_, err = strconv.ParseBool(text)
	case "int", "int32", "int64":
		_, err = strconv.ParseInt(text, 10, 64)
	case "uint", "uint16", "uint32":
		_, err = strconv.ParseUint(text, 10, 64)
	case "duration":
		_, err = time.ParseDuration(text)
		if _, bare := flag.Value.(*timeout); bare {
			err = new(timeout).Set(text)
		}
	}
	if err == nil || errors.Is(err, errNotDuration) {
		return err
	}
	return plainCause(err)
}
