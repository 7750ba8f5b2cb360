// Package manifests holds what meshctl installs, as files: Helm charts,
// configuration profiles and sample applications. It is embedded whole, so the
// binary needs nothing beside itself.
package manifests

import (
	"embed"
	"io/fs"
)

//go:embed all:charts profiles samples versions.yaml
var files embed.FS

// FS is the tree of charts/, profiles/ and samples/, with the table of versions.
func FS() fs.FS { return files }
