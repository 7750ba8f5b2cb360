package rules

import (
	"maps"
	"slices"
	"strings"
)

// SortedKeys are the keys of a map in a fixed order.
func SortedKeys[V any](m map[string]V) []string {
	if len(m) == 0 {
		return nil
	}
	return slices.Sorted(maps.Keys(m))
}

// Labels wants labels of Kubernetes.
func (j *Judge) Labels(labels map[string]string, at *Place) {
	for key, value := range labels {
		if labelKeyFault(key) != "" || labelValueFault(value) != "" {
			j.badLabels(labels, at)
			return
		}
	}
}

// badLabels reports in order, which the map does not have.
func (j *Judge) badLabels(labels map[string]string, at *Place) {
	for _, key := range SortedKeys(labels) {
		if fault := labelKeyFault(key); fault != "" {
			j.Wrong(at.Field(key), "label name %q %s", key, fault)
		}
		if fault := labelValueFault(labels[key]); fault != "" {
			j.Wrong(at.Field(key), "label value %q %s", labels[key], fault)
		}
	}
}

func labelKeyFault(key string) string {
	name := key
	if prefix, rest, ok := strings.Cut(key, "/"); ok {
		if len(prefix) > 253 || labelsFault(prefix) != "" {
			return "has before its slash what is no domain name"
		}
		name = rest
	}
	if name == "" {
		return "is empty"
	}
	return labelValueFault(name)
}

func labelValueFault(value string) string {
	if value == "" {
		return ""
	}
	if len(value) > 63 {
		return "has more than 63 letters"
	}
	if !isAlphanumeric(value[0]) || !isAlphanumeric(value[len(value)-1]) {
		return "must begin and end with a letter or a digit"
	}
	for i := range len(value) {
		if c := value[i]; !isAlphanumeric(c) && c != '-' && c != '_' && c != '.' {
			return "may have letters, digits, dashes, underscores and dots only"
		}
	}
	return ""
}

// Selector wants labels that workloads can have.
func (j *Judge) Selector(labels map[string]string, at *Place) {
	fine := true
	for key, value := range labels {
		fine = fine && key != "" && !strings.Contains(key, "*") && !strings.Contains(value, "*")
	}
	if fine {
		return
	}
	for _, key := range SortedKeys(labels) {
		switch {
		case key == "":
			j.Wrong(at, "a selector cannot have an empty label name")
		case strings.Contains(key, "*") || strings.Contains(labels[key], "*"):
			j.Wrong(at.Field(key), "a selector compares labels letter by letter: there are no stars")
		}
	}
}

// EmptySelector warns of a selector that is there and chooses nothing.
func (j *Judge) EmptySelector(at *Place) {
	j.Doubt(at, "the selector is empty, so this holds for every workload of its namespace: leave the selector out if that is meant")
}
