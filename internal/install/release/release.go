// Package release keeps the record of every change to the mesh as a Helm
// release, so that helm's own list, history, get and rollback read it.
//
// A Record is what was asked and what came of it. The store behind it is
// Helm's: Secrets in the mesh's namespace, one for each revision.
package release

import (
	"bytes"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"helm.sh/helm/v3/pkg/chart"
	helm "helm.sh/helm/v3/pkg/release"
	"helm.sh/helm/v3/pkg/storage"
	"helm.sh/helm/v3/pkg/storage/driver"
	helmtime "helm.sh/helm/v3/pkg/time"

	"github.com/meshctl/meshctl/internal/install/render"
	"github.com/meshctl/meshctl/internal/object"
)

// Status is what became of a change, in Helm's words.
type Status = helm.Status

// The statuses that this package writes.
const (
	Deployed   = helm.StatusDeployed
	Failed     = helm.StatusFailed
	Superseded = helm.StatusSuperseded
)

// Record is one revision of a release.
type Record struct {
	Name      string
	Namespace string
	// Revision counts from 1.
	Revision int
	Status   Status
	// Description is one sentence about the change or its failure.
	Description string
	Changed     time.Time
	// Objects is the rendered manifest.
	Objects []object.Object
	// Config is what the user asked for: an IstioOperator spec.
	Config map[string]any
	// MeshVersion is the Istio version; ToolVersion the meshctl that made the change.
	MeshVersion string
	ToolVersion string
	// Charts are the official charts that the mesh is made from, with their
	// versions, sources and digests; none if it is made from meshctl's own.
	Charts []string
}

// Name of the release of a control-plane revision; "" is the default one.
func Name(revision string) string {
	if revision == "" || revision == "default" {
		return render.ReleaseName
	}
	return render.ReleaseName + "-" + revision
}

// history is how many revisions are kept, as helm does by default.
const history = 10

// toolAnnotation is the key in the chart metadata that names the meshctl version.
const toolAnnotation = "meshctl.dev/version"

// chartsAnnotation is the key there that lists official charts.
const (
	chartsAnnotation = "meshctl.dev/charts"
	chartsSeparator  = "; "
)

// Store reads and writes records.
type Store struct {
	storage *storage.Storage
	now     func() time.Time
}

// NewStore keeps records through a Helm storage driver.
func NewStore(d driver.Driver, now func() time.Time) *Store {
	s := storage.Init(d)
	s.MaxHistory = history
	return &Store{storage: s, now: now}
}

// Latest is the newest revision of a release, whatever became of it.
func (s *Store) Latest(name string) (Record, bool, error) {
	last, err := s.storage.Last(name)
	if errors.Is(err, driver.ErrReleaseNotFound) {
		return Record{}, false, nil
	}
	if err != nil {
		return Record{}, false, fmt.Errorf("reading the record of release %s: %w", name, err)
	}
	record, err := fromHelm(last)
	return record, err == nil, err
}

// Known lists every object that the release may have put into the cluster:
// those of the last deployed revision and of the failed or interrupted attempts
// after it.
func (s *Store) Known(name string) ([]object.Object, error) {
	revisions, err := s.storage.History(name)
	if errors.Is(err, driver.ErrReleaseNotFound) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("reading the history of release %s: %w", name, err)
	}
	slices.SortFunc(revisions, func(a, b *helm.Release) int { return b.Version - a.Version })
	var known []object.Object
	seen := map[object.Ref]bool{}
	for _, r := range revisions {
		record, err := fromHelm(r)
		if err != nil {
			return nil, err
		}
		for _, o := range record.Objects {
			if !seen[o.Ref()] {
				seen[o.Ref()] = true
				known = append(known, o)
			}
		}
		if r.Info.Status == helm.StatusDeployed {
			break
		}
	}
	return known, nil
}

// Begin writes a record as pending. It fails when somebody else has written
// the same revision meanwhile.
func (s *Store) Begin(record Record) error {
	pending := toHelm(record)
	pending.Info.Status = helm.StatusPendingInstall
	if record.Revision > 1 {
		pending.Info.Status = helm.StatusPendingUpgrade
	}
	s.stamp(pending)
	if err := s.storage.Create(pending); err != nil {
		return fmt.Errorf("writing the record of release %s: %w", record.Name, err)
	}
	return nil
}

// Finish says what became of a change. A deployed one supersedes those before it.
func (s *Store) Finish(record Record, status Status, description string) error {
	if status == Deployed {
		if err := s.supersede(record); err != nil {
			return err
		}
	}
	finished := toHelm(record)
	finished.Info.Status = status
	finished.Info.Description = description
	s.stamp(finished)
	if err := s.storage.Update(finished); err != nil {
		return fmt.Errorf("writing the record of release %s: %w", record.Name, err)
	}
	return nil
}

func (s *Store) supersede(record Record) error {
	revisions, err := s.storage.History(record.Name)
	if err != nil {
		return fmt.Errorf("reading the history of release %s: %w", record.Name, err)
	}
	for _, r := range revisions {
		if r.Version >= record.Revision || r.Info.Status != helm.StatusDeployed && !r.Info.Status.IsPending() {
			continue
		}
		if r.Info.Status.IsPending() { // its meshctl was killed before it could say so
			r.Info.Status = helm.StatusFailed
			r.Info.Description = "Interrupted"
		} else {
			r.Info.Status = helm.StatusSuperseded
		}
		if err := s.storage.Update(r); err != nil {
			return fmt.Errorf("superseding revision %d of release %s: %w", r.Version, record.Name, err)
		}
	}
	return nil
}

// All lists the newest record of every meshctl release in the store, by name.
func (s *Store) All() ([]Record, error) {
	all, err := s.storage.ListReleases()
	if err != nil {
		return nil, fmt.Errorf("listing releases: %w", err)
	}
	newest := map[string]*helm.Release{}
	for _, r := range all {
		if ours(r) && (newest[r.Name] == nil || newest[r.Name].Version < r.Version) {
			newest[r.Name] = r
		}
	}
	var records []Record
	for _, name := range slices.Sorted(maps.Keys(newest)) {
		record, err := fromHelm(newest[name])
		if err != nil {
			return nil, err
		}
		records = append(records, record)
	}
	return records, nil
}

// Forget deletes the whole history of a release.
func (s *Store) Forget(name string) error {
	revisions, err := s.storage.History(name)
	if err != nil && !errors.Is(err, driver.ErrReleaseNotFound) {
		return fmt.Errorf("reading the history of release %s: %w", name, err)
	}
	for _, r := range revisions {
		if _, err := s.storage.Delete(name, r.Version); err != nil {
			return fmt.Errorf("deleting revision %d of release %s: %w", r.Version, name, err)
		}
	}
	return nil
}

func (s *Store) stamp(r *helm.Release) {
	now := helmtime.Time{Time: s.now()}
	r.Info.LastDeployed = now
	if r.Info.FirstDeployed.IsZero() {
		r.Info.FirstDeployed = now
	}
}

func ours(r *helm.Release) bool {
	return r.Chart != nil && r.Chart.Metadata != nil && r.Chart.Metadata.Annotations[toolAnnotation] != ""
}

func toHelm(record Record) *helm.Release {
	var manifest bytes.Buffer
	// Writing into a buffer cannot fail, and the objects have been marshalled before.
	_ = render.WriteYAML(&manifest, record.Objects)
	return &helm.Release{
		Name:      record.Name,
		Namespace: record.Namespace,
		Version:   record.Revision,
		Manifest:  manifest.String(),
		Config:    record.Config,
		Info:      &helm.Info{Description: record.Description, FirstDeployed: helmtime.Time{Time: record.Changed}},
		Chart: &chart.Chart{Metadata: &chart.Metadata{
			APIVersion:  chart.APIVersionV2,
			Name:        "istio",
			Version:     record.MeshVersion,
			AppVersion:  record.MeshVersion,
			Description: "Istio service mesh, installed by meshctl",
			Annotations: annotations(record),
		}},
	}
}

func annotations(record Record) map[string]string {
	all := map[string]string{toolAnnotation: record.ToolVersion}
	if len(record.Charts) > 0 {
		all[chartsAnnotation] = strings.Join(record.Charts, chartsSeparator)
	}
	return all
}

func fromHelm(r *helm.Release) (Record, error) {
	objects, err := object.Decode("release "+r.Name, []byte(r.Manifest))
	if err != nil {
		return Record{}, fmt.Errorf("reading revision %d: %w", r.Version, err)
	}
	record := Record{
		Name:        r.Name,
		Namespace:   r.Namespace,
		Revision:    r.Version,
		Objects:     objects,
		Config:      r.Config,
		Status:      r.Info.Status,
		Description: r.Info.Description,
		Changed:     r.Info.LastDeployed.Time,
	}
	if r.Chart != nil && r.Chart.Metadata != nil {
		record.MeshVersion = r.Chart.Metadata.AppVersion
		record.ToolVersion = r.Chart.Metadata.Annotations[toolAnnotation]
		if charts := r.Chart.Metadata.Annotations[chartsAnnotation]; charts != "" {
			record.Charts = strings.Split(charts, chartsSeparator)
		}
	}
	return record, nil
}
