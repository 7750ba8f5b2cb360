package object

// Health is how one object in a cluster is doing.
type Health struct {
	Ref   Ref
	State HealthState
	// Message says what is missing or wrong, in the words of the API: "Available: 0/1".
	Message string
}

// HealthState follows kstatus.
type HealthState string

// The states of an object, as kstatus tells them apart.
const (
	Healthy     HealthState = "Healthy"
	InProgress  HealthState = "InProgress"
	Failed      HealthState = "Failed"
	Terminating HealthState = "Terminating"
	NotFound    HealthState = "NotFound"
	Unknown     HealthState = "Unknown"
)
