package cli

import "github.com/meshctl/meshctl/internal/images"

// imageRules are the rows of the table of errors about images.
func imageRules() []rule {
	return []rule{
		on(func(e *images.RegistryError) verdict { return exits(registryCode(e), registryHints(e)...) }),
		on(func(*images.ArchiveError) verdict {
			return exits(exitInput, "an archive is a folder or a .tar file that 'meshctl images save' or another OCI tool has written")
		}),
	}
}

// registryCode is the exit code for a registry that did not do as asked.
func registryCode(e *images.RegistryError) int {
	switch {
	case e.Denied:
		return exitDenied
	case e.Unreachable:
		return exitUnreachable
	}
	return exitFailed
}

func registryHints(e *images.RegistryError) []string {
	switch {
	case e.Denied:
		return []string{"log in: docker login " + e.Registry}
	case e.Missing:
		return []string{"--set hub=... and --set tag=... choose other images; 'meshctl images list' shows what results"}
	case e.Unreachable:
		return []string{"to compare: curl -v https://" + e.Registry + "/v2/"}
	}
	return nil
}
