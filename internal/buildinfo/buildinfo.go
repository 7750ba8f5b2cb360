// Package buildinfo says which meshctl this is and which Istio it installs.
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
	Mesh      string `json:"meshVersion"`
	GoVersion string `json:"goVersion"`
	Platform  string `json:"platform"`
}

// MeshVersion is the Istio release that the built-in charts install.
const MeshVersion = "1.30.3"

// Get is the information about this binary.
func Get() Info {
	return Info{
		Version:   version,
		Commit:    commit,
		Date:      date,
		Mesh:      MeshVersion,
		GoVersion: runtime.Version(),
		Platform:  runtime.GOOS + "/" + runtime.GOARCH,
	}
}
