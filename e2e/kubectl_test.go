package e2e_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"
	"time"

	"github.com/spf13/pflag"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/types"
	"k8s.io/apimachinery/pkg/util/yaml"
)

// kubectl stands in for the real one, so that scripts can arrange and look at
// things where it is not installed. It knows
//
//	get KIND[,KIND...] [NAME...] [-n NS | -A] [-l LABELS] [-o name|json|yaml|jsonpath=...]
//	apply -f FILE                 create -f FILE        (- is standard input; apply is server-side and takes fields over)
//	delete KIND NAME... [-n NS]   delete -f FILE
//	label|annotate KIND NAME KEY=VALUE... KEY-... [-n NS]
//	patch KIND NAME -p PATCH [--type merge|json|strategic] [-n NS]
//	wait KIND NAME... --for create|delete|condition=TYPE|jsonpath=EXPR=VALUE [--timeout 30s] [-n NS]
//
// KIND is a kind, a resource or a short name, KIND/NAME works too, --field-manager
// is kubectl by default, and delete waits until the objects are gone.
func kubectl() {
	ctx, cancel := context.WithTimeout(context.Background(), 2*time.Minute)
	err := runKubectl(ctx, os.Args[1:])
	cancel()
	if err != nil {
		fmt.Fprintln(os.Stderr, "kubectl:", err)
		os.Exit(1)
	}
}

type kubectlFlags struct {
	namespace, selector, output, file, patch, patchType, wait, manager string

	all, ignoreMissing bool
	timeout            time.Duration
}

func runKubectl(ctx context.Context, args []string) error {
	var f kubectlFlags
	flags := pflag.NewFlagSet("kubectl", pflag.ContinueOnError)
	flags.StringVarP(&f.namespace, "namespace", "n", "", "")
	flags.BoolVarP(&f.all, "all-namespaces", "A", false, "")
	flags.StringVarP(&f.selector, "selector", "l", "", "")
	flags.StringVarP(&f.output, "output", "o", "name", "")
	flags.StringVarP(&f.file, "filename", "f", "", "")
	flags.StringVarP(&f.patch, "patch", "p", "", "")
	flags.StringVar(&f.patchType, "type", "strategic", "")
	flags.StringVar(&f.wait, "for", "", "")
	flags.BoolVar(&f.ignoreMissing, "ignore-not-found", false, "")
	flags.StringVar(&f.manager, "field-manager", "kubectl", "")
	for _, standard := range []string{"overwrite", "server-side", "force-conflicts"} {
		flags.Bool(standard, true, "") // it is what this does anyway
	}
	flags.DurationVar(&f.timeout, "timeout", 30*time.Second, "")
	if err := flags.Parse(args); err != nil {
		return err
	}
	if flags.NArg() == 0 {
		return fmt.Errorf("what to do?")
	}
	verb, rest := flags.Arg(0), flags.Args()[1:]
	client, err := newKubectlClient(f)
	if err != nil {
		return err
	}
	switch verb {
	case "get":
		return client.get(ctx, rest)
	case "apply":
		return client.eachInFile(func(o *unstructured.Unstructured) error { return client.apply(ctx, o) })
	case "create":
		return client.eachInFile(func(o *unstructured.Unstructured) error { return client.create(ctx, o) })
	case "delete":
		if f.file != "" {
			return client.eachInFile(func(o *unstructured.Unstructured) error { return client.deleteObject(ctx, o) })
		}
		return client.each(rest, func(t target) error { return client.delete(ctx, t) })
	case "label", "annotate":
		return client.mark(ctx, verb, rest)
	case "patch":
		kinds := map[string]types.PatchType{"merge": types.MergePatchType, "json": types.JSONPatchType, "strategic": types.StrategicMergePatchType}
		return client.each(rest, func(t target) error {
			return client.change(ctx, t, kinds[f.patchType], []byte(f.patch))
		})
	case "wait":
		return client.each(rest, func(t target) error { return client.wait(ctx, t) })
	}
	return fmt.Errorf("this stand-in does not know %q", verb)
}

func (c *kubectlClient) eachInFile(do func(*unstructured.Unstructured) error) error {
	var in io.Reader = os.Stdin
	if c.flags.file != "-" {
		file, err := os.Open(c.flags.file)
		if err != nil {
			return err
		}
		defer file.Close()
		in = file
	}
	decoder := yaml.NewYAMLOrJSONDecoder(in, 4096)
	for {
		o := new(unstructured.Unstructured)
		if err := decoder.Decode(&o.Object); errors.Is(err, io.EOF) {
			return nil
		} else if err != nil {
			return err
		}
		if o.Object == nil {
			continue
		}
		if err := do(o); err != nil {
			return err
		}
	}
}

func (c *kubectlClient) apply(ctx context.Context, o *unstructured.Unstructured) error {
	resource, err := c.of(ctx, o)
	if err != nil {
		return err
	}
	_, err = resource.Apply(ctx, o.GetName(), o, metav1.ApplyOptions{FieldManager: c.flags.manager, Force: true})
	return c.said(err, o.GetKind(), o.GetName(), "applied")
}

func (c *kubectlClient) create(ctx context.Context, o *unstructured.Unstructured) error {
	resource, err := c.of(ctx, o)
	if err != nil {
		return err
	}
	_, err = resource.Create(ctx, o, metav1.CreateOptions{FieldManager: c.flags.manager})
	return c.said(err, o.GetKind(), o.GetName(), "created")
}

func (c *kubectlClient) deleteObject(ctx context.Context, o *unstructured.Unstructured) error {
	resource, err := c.of(ctx, o)
	if err != nil {
		return err
	}
	return c.delete(ctx, target{kind: o.GetKind(), name: o.GetName(), resource: resource})
}

func (c *kubectlClient) delete(ctx context.Context, t target) error {
	propagation := metav1.DeletePropagationBackground
	err := t.resource.Delete(ctx, t.name, metav1.DeleteOptions{PropagationPolicy: &propagation})
	if apierrors.IsNotFound(err) && c.flags.ignoreMissing {
		return nil
	}
	if err == nil {
		err = c.gone(ctx, t)
	}
	return c.said(err, t.kind, t.name, "deleted")
}

// mark sets and removes labels or annotations.
func (c *kubectlClient) mark(ctx context.Context, verb string, args []string) error {
	var objects []string
	values := map[string]any{}
	for _, arg := range args {
		if key, value, ok := strings.Cut(arg, "="); ok {
			values[key] = value
		} else if key, ok := strings.CutSuffix(arg, "-"); ok {
			values[key] = nil
		} else {
			objects = append(objects, arg)
		}
	}
	field := map[string]string{"label": "labels", "annotate": "annotations"}[verb]
	patch, err := json.Marshal(map[string]any{"metadata": map[string]any{field: values}})
	if err != nil {
		return err
	}
	return c.each(objects, func(t target) error { return c.change(ctx, t, types.MergePatchType, patch) })
}

func (c *kubectlClient) change(ctx context.Context, t target, kind types.PatchType, patch []byte) error {
	_, err := t.resource.Patch(ctx, t.name, kind, patch, metav1.PatchOptions{FieldManager: c.flags.manager})
	return c.said(err, t.kind, t.name, "changed")
}

func (c *kubectlClient) said(err error, kind, name, what string) error {
	if err == nil {
		fmt.Printf("%s/%s %s\n", strings.ToLower(kind), name, what)
	}
	return err
}
