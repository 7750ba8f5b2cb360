package profiles

import (
	"os"
	"testing"
)

func BenchmarkResolve_Demo(b *testing.B) {
	manifests := os.DirFS("../../manifests")
	b.ReportAllocs()
	for b.Loop() {
		if _, err := Resolve(Config{Profile: "demo"}, manifests); err != nil {
			b.Fatal(err)
		}
	}
}
