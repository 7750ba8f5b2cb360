package envoyfilter

import (
	"encoding/base64"
	"math"
	"regexp"
	"strconv"
	"strings"
	"time"

	"google.golang.org/protobuf/reflect/protoreflect"
	"google.golang.org/protobuf/types/known/structpb"
)

// The texts that JSON for protocol buffers has for durations and numbers.
var (
	durationForm = regexp.MustCompile(`^[-+]?([0-9]+(\.[0-9]{0,9})?|\.[0-9]{1,9})s$`)
	numberForm   = regexp.MustCompile(`^-?[0-9]+(\.[0-9]+)?([eE][-+]?[0-9]+)?$`)
)

func isNull(value *structpb.Value) bool {
	_, null := value.GetKind().(*structpb.Value_NullValue)
	return null || value == nil
}

// takesNull says whether null is a value of the field, and not the lack of one.
func takesNull(field protoreflect.FieldDescriptor) bool {
	return !field.IsList() && !field.IsMap() && field.Message() != nil && field.Message().FullName() == "google.protobuf.Value"
}

// specialFault says what a value has to be, if it is not, for a message that
// JSON has a form of its own for.
func specialFault(name protoreflect.FullName, value *structpb.Value) (wanted string, special bool) {
	text, isText := value.GetKind().(*structpb.Value_StringValue)
	switch name {
	case "google.protobuf.Duration":
		if !isText || !isDuration(text.StringValue) {
			return "a duration in seconds, such as 1.5s", true
		}
	case "google.protobuf.Timestamp":
		if !isText {
			return "a time, such as 2006-01-02T15:04:05Z", true
		}
		if _, err := time.Parse(time.RFC3339Nano, text.StringValue); err != nil {
			return "a time, such as 2006-01-02T15:04:05Z", true
		}
	case "google.protobuf.FieldMask":
		if !isText {
			return "a string, of names of fields", true
		}
	case "google.protobuf.Struct":
		if value.GetStructValue() == nil {
			return "an object", true
		}
	case "google.protobuf.ListValue":
		if value.GetListValue() == nil {
			return "a list", true
		}
	case "google.protobuf.Empty":
		if value.GetStructValue() == nil {
			return "an empty object: {}", true
		}
	case "google.protobuf.Value":
	default:
		return "", false
	}
	return "", true
}

func isDuration(text string) bool {
	if !durationForm.MatchString(text) {
		return false
	}
	const most = 315_576_000_000 // seconds: ten thousand years
	seconds, err := strconv.ParseFloat(strings.TrimSuffix(text, "s"), 64)
	return err == nil && math.Abs(seconds) <= most
}

// keyValue is the key of a map, which is always a string in JSON, as the
// value that it stands for.
func keyValue(field protoreflect.FieldDescriptor, key string) *structpb.Value {
	if field.Kind() == protoreflect.BoolKind && (key == "true" || key == "false") {
		return structpb.NewBoolValue(key == "true")
	}
	return structpb.NewStringValue(key)
}

// scalarFault says what a value has to be, if it is not.
func scalarFault(field protoreflect.FieldDescriptor, value *structpb.Value) string {
	text, isText := value.GetKind().(*structpb.Value_StringValue)
	switch field.Kind() {
	case protoreflect.StringKind:
		if !isText {
			return "a string"
		}
	case protoreflect.BytesKind:
		if !isText || !isBase64(text.StringValue) {
			return "a string of bytes in base64"
		}
	case protoreflect.BoolKind:
		if _, ok := value.GetKind().(*structpb.Value_BoolValue); !ok {
			return "true or false"
		}
	case protoreflect.EnumKind:
		return enumFault(field.Enum(), value)
	case protoreflect.FloatKind:
		return floatFault(value, math.MaxFloat32)
	case protoreflect.DoubleKind:
		return floatFault(value, math.MaxFloat64)
	case protoreflect.Uint32Kind, protoreflect.Fixed32Kind:
		return integerFault(value, 0, math.MaxUint32)
	case protoreflect.Uint64Kind, protoreflect.Fixed64Kind:
		return integerFault(value, 0, math.MaxUint64)
	case protoreflect.Int64Kind, protoreflect.Sint64Kind, protoreflect.Sfixed64Kind:
		return integerFault(value, math.MinInt64, math.MaxInt64)
	default: // of the kinds that are not messages: integers of 32 bits
		return integerFault(value, math.MinInt32, math.MaxInt32)
	}
	return ""
}

func isBase64(text string) bool {
	text = strings.NewReplacer("-", "+", "_", "/").Replace(strings.TrimRight(text, "="))
	_, err := base64.RawStdEncoding.DecodeString(text)
	return err == nil
}

// number is a number, or the text of one.
func number(value *structpb.Value) (float64, bool) {
	switch kind := value.GetKind().(type) {
	case *structpb.Value_NumberValue:
		return kind.NumberValue, true
	case *structpb.Value_StringValue:
		if !numberForm.MatchString(kind.StringValue) {
			return 0, false
		}
		parsed, err := strconv.ParseFloat(kind.StringValue, 64)
		return parsed, err == nil
	}
	return 0, false
}

func floatFault(value *structpb.Value, most float64) string {
	switch value.GetStringValue() {
	case "NaN", "Infinity", "-Infinity":
		return ""
	}
	if parsed, ok := number(value); !ok || math.Abs(parsed) > most {
		return "a number"
	}
	return ""
}

func integerFault(value *structpb.Value, least, most float64) string {
	parsed, ok := number(value)
	switch {
	case ok && parsed == math.Trunc(parsed) && least <= parsed && parsed <= most:
		return ""
	case least == 0:
		return "a whole number from 0 to " + strconv.FormatFloat(most, 'f', 0, 64)
	}
	return "a whole number from " + strconv.FormatFloat(least, 'f', 0, 64) + " to " + strconv.FormatFloat(most, 'f', 0, 64)
}

func enumFault(enum protoreflect.EnumDescriptor, value *structpb.Value) string {
	if _, ok := value.GetKind().(*structpb.Value_NumberValue); ok {
		return integerFault(value, math.MinInt32, math.MaxInt32)
	}
	if enum.FullName() == "google.protobuf.NullValue" && isNull(value) {
		return ""
	}
	if text, ok := value.GetKind().(*structpb.Value_StringValue); ok && enum.Values().ByName(protoreflect.Name(text.StringValue)) != nil {
		return ""
	}
	var known []string
	for i := range enum.Values().Len() {
		known = append(known, string(enum.Values().Get(i).Name()))
	}
	if found := meant(value.GetStringValue(), known); value.GetStringValue() != "" && found != "" {
		return "one of " + some(known) + found
	}
	return "one of " + some(known)
}

// some is a list of names that is short enough to be read.
func some(names []string) string {
	const most = 8
	if len(names) > most {
		return strings.Join(names[:most], ", ") + ", …"
	}
	return strings.Join(names, ", ")
}
