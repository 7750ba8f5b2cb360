package virtualservice

import (
	networking "istio.io/api/networking/v1alpha3"

	"github.com/meshctl/meshctl/internal/analyze/checks/schema/rules"
)

func (s *scope) fault(fault *networking.HTTPFaultInjection, at *rules.Place) {
	if fault.GetAbort() == nil && fault.GetDelay() == nil {
		s.Wrong(at, "a fault needs an abort or a delay")
	}
	if fault.GetAbort() != nil {
		s.abort(fault.GetAbort(), at.Field("abort"))
	}
	if fault.GetDelay() != nil {
		s.delay(fault.GetDelay(), at.Field("delay"))
	}
}

func (s *scope) abort(abort *networking.HTTPFaultInjection_Abort, at *rules.Place) {
	if percentage := abort.GetPercentage(); percentage != nil {
		s.Share(percentage.GetValue(), at.Field("percentage"))
	}
	switch kind := abort.GetErrorType().(type) {
	case nil:
		s.Doubt(at, "an abort without httpStatus or grpcStatus aborts nothing")
	case *networking.HTTPFaultInjection_Abort_HttpStatus:
		s.status(int64(kind.HttpStatus), at.Field("httpStatus"))
	case *networking.HTTPFaultInjection_Abort_GrpcStatus:
		if !isStatusOfGRPC(kind.GrpcStatus) {
			s.Wrong(at.Field("grpcStatus"), "%q is no status of gRPC: write its name in capitals, such as UNAVAILABLE", kind.GrpcStatus)
		}
	case *networking.HTTPFaultInjection_Abort_Http2Error:
		s.Wrong(at.Field("http2Error"), "aborts with an error of HTTP/2 are not supported: use httpStatus or grpcStatus")
	}
}

func (s *scope) delay(delay *networking.HTTPFaultInjection_Delay, at *rules.Place) {
	if percentage := delay.GetPercentage(); percentage != nil {
		s.Share(percentage.GetValue(), at.Field("percentage"))
	}
	// Deprecated, which another check says, but still in use.
	if percent := delay.GetPercent(); percent < 0 || percent > 100 { //nolint:staticcheck // see above
		s.Wrong(at.Field("percent"), "a percentage is from 0 to 100, not %d", percent)
	}
	switch kind := delay.GetHttpDelayType().(type) {
	case *networking.HTTPFaultInjection_Delay_FixedDelay:
		s.Duration(kind.FixedDelay, at.Field("fixedDelay"))
	case *networking.HTTPFaultInjection_Delay_ExponentialDelay:
		s.Wrong(at.Field("exponentialDelay"), "exponential delays are not supported: use fixedDelay")
	}
}

func isStatusOfGRPC(name string) bool {
	switch name {
	case "OK", "CANCELLED", "UNKNOWN", "INVALID_ARGUMENT", "DEADLINE_EXCEEDED", "NOT_FOUND", "ALREADY_EXISTS",
		"PERMISSION_DENIED", "RESOURCE_EXHAUSTED", "FAILED_PRECONDITION", "ABORTED", "OUT_OF_RANGE",
		"UNIMPLEMENTED", "INTERNAL", "UNAVAILABLE", "DATA_LOSS", "UNAUTHENTICATED":
		return true
	}
	return false
}
