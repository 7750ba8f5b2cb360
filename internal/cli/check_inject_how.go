package cli

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/meshctl/meshctl/internal/inject"
)

// how says how to make changes: in commands if there is an object to change in
// a cluster, else in words.
func (s *injectScene) how(c candidate, changes []inject.Change) []string {
	var lines []string
	var ofSpace, ofPod []inject.Change
	for _, change := range changes {
		if change.Of == "namespace" {
			ofSpace = append(ofSpace, change)
		} else {
			ofPod = append(ofPod, change)
		}
	}
	if len(ofSpace) > 0 {
		lines = append(lines, s.howSpace(c, ofSpace))
	}
	switch {
	case len(ofPod) > 0 && s.live && len(c.path) > 0:
		lines = append(lines, patchCommand(c, ofPod))
	case len(ofPod) > 0:
		lines = append(lines, inWords(s.podIn(c), ofPod))
	case s.live && slices.Contains([]string{"Deployment", "StatefulSet", "DaemonSet"}, c.ref.Kind):
		lines = append(lines, fmt.Sprintf("kubectl rollout restart %s %s -n %s", strings.ToLower(c.ref.Kind), c.ref.Name, c.ref.Namespace))
	}
	return lines
}

func (s *injectScene) podIn(c candidate) string {
	if len(c.path) > 0 {
		return "the pod template (" + strings.Join(c.path, ".") + ".metadata.labels)"
	}
	if s.live {
		return "the pod, when it is created,"
	}
	return "the pod"
}

func (s *injectScene) howSpace(c candidate, changes []inject.Change) string {
	if !s.live {
		return inWords("namespace "+c.pod.Namespace, changes)
	}
	words := []string{"kubectl label namespace", c.pod.Namespace}
	overwrite := false
	for _, change := range changes {
		if change.Value == nil {
			words = append(words, change.Label+"-")
			continue
		}
		words = append(words, change.Label+"="+*change.Value)
		overwrite = overwrite || change.Replaces
	}
	if overwrite {
		words = append(words, "--overwrite")
	}
	return strings.Join(words, " ")
}

func inWords(what string, changes []inject.Change) string {
	var with, without []string
	for _, change := range changes {
		if change.Value == nil {
			without = append(without, change.Label)
		} else {
			with = append(with, change.Label+"="+*change.Value)
		}
	}
	var parts []string
	if len(with) > 0 {
		parts = append(parts, "give "+what+" the label "+strings.Join(with, " and "))
	}
	if len(without) > 0 {
		parts = append(parts, "take the label "+strings.Join(without, " and ")+" from "+what)
	}
	return strings.Join(parts, ", and ")
}

// patchCommand changes the labels in the template of a workload.
func patchCommand(c candidate, changes []inject.Change) string {
	set := map[string]any{}
	for _, change := range changes {
		set[change.Label] = change.Value
	}
	var patch any = map[string]any{"metadata": map[string]any{"labels": set}}
	for _, name := range slices.Backward(c.path) {
		patch = map[string]any{name: patch}
	}
	// Maps of strings have no way to fail.
	text, _ := json.Marshal(patch)
	return fmt.Sprintf("kubectl patch %s %s -n %s --type merge -p '%s'", strings.ToLower(c.ref.Kind), c.ref.Name, c.ref.Namespace, text)
}

// pairs writes labels as kubectl does.
func pairs(set map[string]string) string {
	texts := make([]string, 0, len(set))
	for _, label := range slices.Sorted(maps.Keys(set)) {
		texts = append(texts, label+"="+set[label])
	}
	return strings.Join(texts, ",")
}
