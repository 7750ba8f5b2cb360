// Package near finds the names that are meant by names that do not exist.
package near

import "strings"

// Name finds the known name that differs least, if it is near enough to be what
// was meant; else it is empty. Of equals, the first wins.
func Name(name string, known []string) string {
	meant, _ := Certain(name, known)
	return meant
}

// Certain is Name, and says whether nothing else can have been meant.
func Certain(name string, known []string) (meant string, only bool) {
	least, second := len(name)/3+1, len(name)
	for _, candidate := range known {
		if strings.EqualFold(name, candidate) {
			return candidate, true
		}
		if abs(len(name)-len(candidate)) > second {
			continue
		}
		switch distance := edits(strings.ToLower(name), strings.ToLower(candidate)); {
		case distance < least:
			if meant != "" {
				second = least
			}
			meant, least = candidate, distance
		case distance < second:
			second = distance
		}
	}
	const typo = 2
	return meant, meant != "" && least <= typo && second > least+1
}

func abs(n int) int { return max(n, -n) }

// edits counts the letters to insert, delete and replace, and neighbours to
// swap, between two words.
func edits(a, b string) int {
	before, row := make([]int, len(b)+1), make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := range len(a) {
		next := make([]int, len(b)+1)
		next[0] = i + 1
		for j := range len(b) {
			replace := row[j]
			if a[i] != b[j] {
				replace++
			}
			next[j+1] = min(replace, next[j]+1, row[j+1]+1)
			if i > 0 && j > 0 && a[i] == b[j-1] && a[i-1] == b[j] {
				next[j+1] = min(next[j+1], before[j-1]+1)
			}
		}
		before, row = row, next
	}
	return row[len(b)]
}
