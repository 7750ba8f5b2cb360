// Package buildinfo says which meshctl this is.
package buildinfo

import "runtime"

// Version is set by the linker (-X) in releases; "dev" is a build from source.
//
//nolint:gochecknoglobals // the linker can only set variables
var (
	version = "dev"
	commit  = ""
	date    = ""
)

// Info is what `meshctl version` prints about the program itself.
type Info struct {
	Version   string `json:"version"`
	Commit    string `json:"commit,omitempty"`
	Date      string `json:"date,omitempty"`
	GoVersion string `json:"goVersion"`
	Platform  string `json:"platform"`
}

// Get is the information about this binary.
func Get() Info {
	return Info{
		Version:   version,
		Commit:    commit,
		Date:      date,
		GoVersion: runtime.Version(),
		Platform:  runtime.GOOS + "/" + runtime.GOARCH,
	}
}
