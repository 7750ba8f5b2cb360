package main

import (
	"bytes"
	"fmt"
	"io"

	"github.com/spf13/cobra"
)

// completionScripts are named as the shells look for them.
func completionScripts(root *cobra.Command) (files, error) {
	written := files{}
	for name, write := range map[string]func(io.Writer) error{
		root.Name() + ".bash": func(w io.Writer) error { return root.GenBashCompletionV2(w, true) },
		"_" + root.Name():     root.GenZshCompletion,
		root.Name() + ".fish": func(w io.Writer) error { return root.GenFishCompletion(w, true) },
		root.Name() + ".ps1":  root.GenPowerShellCompletionWithDesc,
	} {
		var b bytes.Buffer
		if err := write(&b); err != nil {
			return nil, fmt.Errorf("writing completion %s: %w", name, err)
		}
		written[name] = b.Bytes()
	}
	return written, nil
}
