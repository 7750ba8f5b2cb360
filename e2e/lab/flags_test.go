package main

import (
	"bytes"
	"strings"
	"testing"
)

func TestRun_ExplainsMistakesWithExitCode2(t *testing.T) {
	tests := []struct {
		args []string
		want string
	}{
		{nil, "lab up"},
		{[]string{"dance"}, `no verb "dance"`},
		{[]string{"up", "--nodes", "0"}, "1 to 250 nodes"},
		{[]string{"up", "--detach", "--until-stdin-closes"}, "not both"},
		{[]string{"up", "extra"}, "wants 0 arguments"},
		{[]string{"up", "--fast"}, "not defined: -fast"},
		{[]string{"down"}, "wants 1 arguments"},
		{[]string{"forward"}, "PORT=ADDRESS:PORT"},
		{[]string{"forward", "80=8080"}, "PORT=ADDRESS:PORT"},
		{[]string{"forward", "http=127.0.0.1:80"}, "PORT=ADDRESS:PORT"},
	}
	for _, test := range tests {
		t.Run(strings.Join(test.args, " "), func(t *testing.T) {
			var stdout, stderr bytes.Buffer
			if code := run(test.args, streams{out: &stdout, err: &stderr}); code != 2 {
				t.Errorf("exit code %d, want 2", code)
			}
			if !strings.Contains(stderr.String(), test.want) || stdout.Len() > 0 {
				t.Errorf("stdout = %q, stderr = %q, want %q", &stdout, &stderr, test.want)
			}
		})
	}
}

func TestDown_RefusesWhatIsNoLab(t *testing.T) {
	var stderr bytes.Buffer
	if code := run([]string{"down", t.TempDir()}, streams{err: &stderr}); code != 1 {
		t.Errorf("exit code %d, want 1", code)
	}
	if !strings.Contains(stderr.String(), "is not the folder or the kubeconfig of a lab") {
		t.Errorf("stderr = %q", &stderr)
	}
}
