package profiles

// validate checks everything the user wrote, and what it adds up to.
func validate(asked request, spec *node, charts charts) ([]string, error) {
	return nil, nil
}
