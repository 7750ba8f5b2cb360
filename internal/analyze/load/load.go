// Package load collects what to analyse: the documents in files, folders, URLs
// and standard input, what kustomizations and charts make, and the objects of
// clusters. It reads and does not judge.
package load
