package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"k8s.io/apiextensions-apiserver/pkg/apis/apiextensions"
	"k8s.io/apiextensions-apiserver/pkg/apis/apiextensions/install"
	apiextensionsv1 "k8s.io/apiextensions-apiserver/pkg/apis/apiextensions/v1"
	"k8s.io/apiextensions-apiserver/pkg/apis/apiextensions/validation"
	"k8s.io/apimachinery/pkg/runtime"
	"sigs.k8s.io/yaml"
)

// TestGenerated_IsAcceptedByTheAPIServer runs the API server's own checks, among them
// that schemas are structural and that CEL rules compile within their cost budget.
func TestGenerated_IsAcceptedByTheAPIServer(t *testing.T) {
	scheme := runtime.NewScheme()
	install.Install(scheme)
	for path, text := range generateAll(t) {
		t.Run(path, func(t *testing.T) {
			t.Parallel()
			definition := decodeStrictly(t, text)
			scheme.Default(definition)
			var internal apiextensions.CustomResourceDefinition
			if err := scheme.Convert(definition, &internal, nil); err != nil {
				t.Fatal(err)
			}
			// The API server notes the stored version before it validates.
			for _, version := range internal.Spec.Versions {
				if version.Storage {
					internal.Status.StoredVersions = []string{version.Name}
				}
			}
			for _, problem := range validation.ValidateCustomResourceDefinition(t.Context(), &internal) {
				t.Error(problem)
			}
		})
	}
}

// TestGenerated_OpensAsTheTemplateExpects guards the agreement with crds.yaml of the
// base chart, which replaces these lines by its own with the labels in them.
func TestGenerated_OpensAsTheTemplateExpects(t *testing.T) {
	const opening = `{
 "apiVersion": "apiextensions.k8s.io/v1",
 "kind": "CustomResourceDefinition",
 "metadata": {
  "annotations": {`
	for path, text := range generateAll(t) {
		header, body, _ := strings.Cut(string(text), "\n")
		if !strings.HasPrefix(header, "# ") || !strings.HasPrefix(body, opening) {
			t.Errorf("%s opens with\n%.300s", path, text)
		}
	}
}

// TestGenerated_DiffersFromItsSourceInProseOnly walks typed schemas, so that it cannot
// share a mistake with the generator, which walks YAML nodes.
func TestGenerated_DiffersFromItsSourceInProseOnly(t *testing.T) {
	generated := generateAll(t)
	for _, source := range sources() {
		found, err := findModule(t.Context(), source.module)
		if err != nil {
			t.Fatal(err)
		}
		for path, text := range readPublished(t, filepath.Join(found.Dir, source.glob)) {
			path = source.dir + "/" + path
			want, got := decodeStrictly(t, text), decodeStrictly(t, generated[path])
			for i := range want.Spec.Versions {
				dropProse(&want.Spec.Versions[i])
			}
			if diff := cmp.Diff(want.Spec, got.Spec); diff != "" {
				t.Errorf("%s (-published +generated):\n%s", path, diff)
			}
			delete(generated, path)
		}
	}
	for path := range generated {
		t.Errorf("%s has no source", path)
	}
}

func dropProse(version *apiextensionsv1.CustomResourceDefinitionVersion) {
	for i := range version.AdditionalPrinterColumns {
		version.AdditionalPrinterColumns[i].Description = ""
	}
	dropTypedProse(version.Schema.OpenAPIV3Schema)
}

func dropTypedProse(schema *apiextensionsv1.JSONSchemaProps) {
	if schema == nil {
		return
	}
	schema.Description = ""
	dropTypedProse(schema.Not)
	if schema.Items != nil {
		dropTypedProse(schema.Items.Schema)
	}
	if schema.AdditionalProperties != nil {
		dropTypedProse(schema.AdditionalProperties.Schema)
	}
	for _, alternatives := range [][]apiextensionsv1.JSONSchemaProps{schema.AllOf, schema.AnyOf, schema.OneOf} {
		for i := range alternatives {
			dropTypedProse(&alternatives[i])
		}
	}
	for name, property := range schema.Properties {
		dropTypedProse(&property)
		schema.Properties[name] = property
	}
}

// readPublished returns the CRDs in the files that match glob, by the file name crdgen
// gives them.
func readPublished(t *testing.T, glob string) map[string][]byte {
	t.Helper()
	paths, err := filepath.Glob(glob)
	if err != nil {
		t.Fatal(err)
	}
	published := map[string][]byte{}
	for _, path := range paths {
		text, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		for document := range strings.SplitSeq(string(text), "\n---\n") {
			var definition apiextensionsv1.CustomResourceDefinition
			if err := yaml.Unmarshal([]byte(document), &definition); err != nil {
				t.Fatal(err)
			}
			if definition.Kind == "CustomResourceDefinition" {
				published[definition.Name+".yaml"] = []byte(document)
			}
		}
	}
	return published
}

func generateAll(t *testing.T) Files {
	t.Helper()
	// Opening it makes a version bump invalidate cached results: the go command notices
	// only files of this module, not what crdgen reads from the module cache.
	if _, err := os.ReadFile("go.mod"); err != nil {
		t.Fatal(err)
	}
	files := Files{}
	for _, source := range sources() {
		if err := source.generate(t.Context(), files); err != nil {
			t.Fatal(err)
		}
	}
	return files
}

func decodeStrictly(t *testing.T, text []byte) *apiextensionsv1.CustomResourceDefinition {
	t.Helper()
	var definition apiextensionsv1.CustomResourceDefinition
	if err := yaml.UnmarshalStrict(text, &definition); err != nil {
		t.Fatal(err)
	}
	return &definition
}
