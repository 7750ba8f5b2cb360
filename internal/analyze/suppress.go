package analyze

// Suppression is a reason not to report findings.
type Suppression struct {
	// Code is the code it holds for.
	Code string
}

type judge struct{}

func newJudge(*Mesh, []Suppression) *judge { return &judge{} }

func (j *judge) suppression(*Finding) *Suppression { return nil }
