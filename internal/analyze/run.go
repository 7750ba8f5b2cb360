package analyze

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"runtime"
	"runtime/debug"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/meshctl/meshctl/internal/object"
)

// Options say how an analysis runs and what it reports.
type Options struct {
	// Unreadable are kinds that could not be read: checks that need them are skipped.
	Unreadable []Kind
	// Namespace keeps the findings of one namespace, and of what has none; all if empty.
	Namespace string
	// Keep says which codes of which checks count; nil keeps all.
	Keep func(*Analyzer, *Code) bool
	// Whole says that Keep leaves out only what is never wanted: a suppression that
	// was not needed is of no use then, rather than of none for this time.
	Whole bool
	// Suppress are what not to report.
	Suppress []Suppression
	// Severities are what the user says of codes, and patterns of codes.
	Severities map[string]Severity
	// Relative names a file as the paths of suppressions do; nil leaves names as they are.
	Relative func(file string) string
	// Today is the day on which suppressions may have expired; none has if it is zero.
	Today time.Time
	// Workers is how many checks run at a time; one for each processor if 0.
	Workers int
}

// Run lets the checks look at the mesh. The report is the same for the same
// input, however many workers there are; a check that panics does not keep the
// others from theirs. The only error is that of the context.
func Run(ctx context.Context, mesh *Mesh, analyzers []*Analyzer, options Options) (*Report, error) {
	report := &Report{}
	var runnable []*Analyzer
	for _, a := range analyzers {
		if missing := unreadable(a, options.Unreadable); len(missing) > 0 {
			report.Skipped = append(report.Skipped, Skip{Analyzer: a.Name, Missing: missing})
			continue
		}
		runnable = append(runnable, a)
		report.Checks = append(report.Checks, a.Name)
	}
	results := make([]result, len(runnable))
	parallel(options.Workers, len(runnable), func(i int) {
		results[i] = runOne(ctx, mesh, runnable[i], options)
	})
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	var made []made
	for i, one := range results {
		if one.err != nil {
			report.Broken = append(report.Broken, Broken{Analyzer: runnable[i].Name, Err: one.err})
			made = append(made, failure(mesh, runnable[i], one.err))
		}
		made = append(made, one.diagnostics...)
	}
	report.gather(mesh, made, options)
	return report, nil
}

func unreadable(a *Analyzer, kinds []Kind) []Kind {
	var missing []Kind
	for _, need := range a.Needs {
		if slices.Contains(kinds, need) {
			missing = append(missing, need)
		}
	}
	return missing
}

// parallel calls do for the numbers below n, a few at a time.
func parallel(workers, n int, do func(int)) {
	if workers < 1 {
		workers = runtime.GOMAXPROCS(0)
	}
	numbers := make(chan int)
	var group sync.WaitGroup
	for range min(workers, n) {
		group.Go(func() {
			for i := range numbers {
				do(i)
			}
		})
	}
	for i := range n {
		numbers <- i
	}
	close(numbers)
	group.Wait()
}

// made is a diagnostic and the check that made it.
type made struct {
	Diagnostic
	analyzer string
}

type result struct {
	diagnostics []made
	err         error
}

// PanicError is a check that panicked.
type PanicError struct {
	Value any
	Stack []byte
}

func (e *PanicError) Error() string { return fmt.Sprintf("it panicked: %v", e.Value) }

func runOne(ctx context.Context, mesh *Mesh, a *Analyzer, options Options) (out result) {
	defer func() {
		if value := recover(); value != nil {
			out.err = &PanicError{Value: value, Stack: debug.Stack()}
		}
	}()
	pass := &Pass{Analyzer: a, Mesh: mesh, ctx: ctx, workers: options.Workers}
	pass.Report = func(d Diagnostic) {
		if !slices.Contains(a.Codes, d.Code) {
			panic(fmt.Sprintf("check %s reports a code that it does not declare", a.Name))
		}
		if options.Keep != nil && !options.Keep(a, d.Code.Narrowed(d.Alias)) {
			return
		}
		if d.Severity == 0 {
			d.Severity = d.Code.Severity
		}
		out.diagnostics = append(out.diagnostics, made{Diagnostic: d, analyzer: a.Name})
	}
	out.err = a.Run(pass)
	return out
}

// gather turns diagnostics into findings: filtered, suppressed, in order, and
// each once.
func (r *Report) gather(mesh *Mesh, all []made, options Options) {
	findings := make([]Finding, 0, len(all))
	for _, d := range withoutEchoes(all) {
		resource := d.On.resource()
		if resource.Cluster != mesh.cluster || !inNamespace(resource, options.Namespace) {
			continue
		}
		findings = append(findings, Finding{
			Code: d.Code, Alias: d.Alias, Severity: options.severity(d.Code.Narrowed(d.Alias), d.Severity), Analyzer: d.analyzer, Resource: resource, Field: d.Field,
			Message: d.Message, Related: places(d.Related), Fixes: d.Fixes,
			Fingerprint: fingerprint(d.Code, resource, d.Field),
		})
		last := &findings[len(findings)-1]
		if absence, ok := mesh.unverifiable(d.Absent); ok {
			last.Missing = absence
		}
	}
	slices.SortStableFunc(findings, Finding.compare)
	findings = slices.CompactFunc(findings, func(a, b Finding) bool { return a.compare(b) == 0 })
	locate(findings, options.Workers)
	judge := newJudge(mesh, options)
	for _, finding := range findings {
		finding.Suppression = judge.suppression(&finding)
		switch {
		case finding.Suppression != nil:
			r.Suppressed = append(r.Suppressed, finding)
		case finding.Missing != Absence{}:
			r.Unverified = append(r.Unverified, finding)
		default:
			r.Findings = append(r.Findings, finding)
		}
	}
	if (options.Keep == nil || options.Whole) && options.Namespace == "" {
		r.Stale = judge.unused()
	} else {
		r.Stale = judge.stale // what is not looked for cannot be found
	}
}

// inNamespace says whether a resource belongs to what the user asked about.
// What Kubernetes runs for itself never does.
func inNamespace(r *Resource, namespace string) bool {
	home := r.Namespace
	if r.Kind == Namespace {
		home = r.Name
	}
	switch home {
	case "kube-system", "kube-public", "kube-node-lease", "local-path-storage":
		return home == namespace
	}
	return namespace == "" || home == "" || home == namespace
}

func places(related []Related) []Place {
	found := make([]Place, len(related))
	for i, one := range related {
		found[i] = Place{Resource: one.On.resource(), Field: one.Field, Note: one.Note}
	}
	return found
}

// fingerprint leaves out what moves: the numbers of list items, lines, files.
func fingerprint(code *Code, resource *Resource, field object.Path) string {
	var text strings.Builder
	text.WriteString(code.ID + "\x00" + string(resource.Kind) + "\x00" + resource.Namespace + "\x00" + resource.Name)
	for _, step := range field {
		if step.Name != "" {
			text.WriteString("\x00" + step.Name)
		}
	}
	sum := sha256.Sum256([]byte(text.String()))
	return hex.EncodeToString(sum[:8])
}
