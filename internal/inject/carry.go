package inject

// carry makes in whole the change from before to after. before is whole as far
// as its type knows it; what the type does not know stays.
func carry(whole, before, after any) any {
	if equalFields(before, after) {
		return whole
	}
	switch after := after.(type) {
	case map[string]any:
		fields, ok1 := whole.(map[string]any)
		was, ok2 := before.(map[string]any)
		// Fields of which the type knows none are nothing to it.
		if ok1 && (ok2 || before == nil) {
			return carryFields(fields, was, after)
		}
	case []any:
		items, ok1 := whole.([]any)
		was, ok2 := before.([]any)
		if ok1 && ok2 && len(items) == len(was) {
			return carryItems(items, was, after)
		}
	}
	return after
}

func carryFields(whole, before, after map[string]any) map[string]any {
	carried := make(map[string]any, len(whole)+len(after))
	for key, value := range whole {
		was, known := before[key]
		want, stays := after[key]
		switch {
		case stays:
			carried[key] = carry(value, was, want)
		case !known:
			carried[key] = value
		default:
			if rest := unknownIn(value, was); len(rest) > 0 {
				carried[key] = rest
			}
		}
	}
	for key, value := range after {
		was, known := before[key]
		if _, present := whole[key]; !present && (!known || !equalFields(was, value)) {
			carried[key] = value
		}
	}
	return carried
}

func carryItems(whole, before, after []any) []any {
	carried := make([]any, len(after))
	for i, source := range match(before, after) {
		carried[i] = after[i]
		if source >= 0 {
			carried[i] = carry(whole[source], before[source], after[i])
		}
	}
	return carried
}

// unknownIn is what stays of a field that goes: what its type does not know.
func unknownIn(whole, before any) map[string]any {
	fields, ok1 := whole.(map[string]any)
	was, ok2 := before.(map[string]any)
	if !ok1 || !ok2 {
		return nil
	}
	return carryFields(fields, was, map[string]any{})
}
