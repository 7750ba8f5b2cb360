package cli

import "github.com/meshctl/meshctl/internal/analyze/revision"

// revisionHints know what CI leaves out when it fetches.
func revisionHints(e *revision.UnknownError) []string {
	return []string{"a shallow clone has few revisions: 'git fetch origin " + e.Revision + "' gets this one; in GitHub's checkout, fetch-depth: 0 gets all"}
}
