// Package rules is what istiod asks of a resource beyond the types of its
// fields, and the tools to write that down: a Judge, who reports, a Place, which
// is a field, and rules that several kinds share.
//
// The rules of each kind are in a package of their own below this one. A rule
// says what is wrong and what to write instead, at the field that is wrong.
// Errors are what istiod's webhook refuses; warnings are what it lets pass with
// a warning.
package rules
