package charts

import (
	"fmt"
	"slices"
	"strings"

	"github.com/Masterminds/semver/v3"
)

// Version is which version of a chart is wanted.
type Version struct {
	// Asked is a version or a range of versions: 1.30.3, ~1.30. Empty is Usual.
	Asked string
	// Usual is the version taken when none is asked for and there are several.
	Usual string
}

func (v Version) inMind() string {
	if v.Asked != "" {
		return v.Asked
	}
	return v.Usual
}

func (v Version) String() string { return v.inMind() }

// pick chooses one of the versions there are; none fits if it is empty.
func (v Version) pick(versions []string) (string, error) {
	if v.Asked == "" && len(versions) == 1 {
		return versions[0], nil
	}
	wanted := v.inMind()
	for _, version := range versions {
		if same(version, wanted) {
			return version, nil
		}
	}
	if _, err := semver.NewVersion(wanted); err == nil {
		return "", nil
	}
	within, err := semver.NewConstraint(wanted)
	if err != nil {
		return "", &BadVersionError{Version: wanted}
	}
	for _, version := range newestFirst(versions) {
		if parsed, err := semver.NewVersion(version); err == nil && within.Check(parsed) {
			return version, nil
		}
	}
	return "", nil
}

// same compares versions as people write them: with or without a leading v.
func same(a, b string) bool { return strings.TrimPrefix(a, "v") == strings.TrimPrefix(b, "v") }

// newestFirst sorts versions; what is no version comes last.
func newestFirst(versions []string) []string {
	sorted := slices.Clone(versions)
	slices.SortStableFunc(sorted, func(a, b string) int {
		left, leftErr := semver.NewVersion(a)
		right, rightErr := semver.NewVersion(b)
		switch {
		case leftErr != nil && rightErr != nil:
			return strings.Compare(b, a)
		case leftErr != nil:
			return 1
		case rightErr != nil:
			return -1
		}
		return right.Compare(left)
	})
	return sorted
}

// nearest sorts versions for somebody who asked for one that is not there:
// those of the same minor release first, then the newest.
func nearest(versions []string, wanted Version) []string {
	sorted := newestFirst(versions)
	minor := minorOf(wanted.inMind())
	slices.SortStableFunc(sorted, func(a, b string) int {
		return distance(a, minor) - distance(b, minor)
	})
	return sorted
}

func distance(version, minor string) int {
	if minor != "" && minorOf(version) == minor {
		return 0
	}
	return 1
}

func minorOf(version string) string {
	parsed, err := semver.NewVersion(version)
	if err != nil {
		return ""
	}
	return fmt.Sprintf("%d.%d", parsed.Major(), parsed.Minor())
}
