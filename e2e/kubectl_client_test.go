package e2e_test

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"strings"
	"time"

	apierrors "k8s.io/apimachinery/pkg/api/errors"
	"k8s.io/apimachinery/pkg/api/meta"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/apimachinery/pkg/util/wait"
	"k8s.io/client-go/discovery"
	"k8s.io/client-go/discovery/cached/memory"
	"k8s.io/client-go/dynamic"
	"k8s.io/client-go/restmapper"
	"k8s.io/client-go/tools/clientcmd"
	"k8s.io/client-go/util/jsonpath"
	"sigs.k8s.io/yaml"
)

type kubectlClient struct {
	flags     kubectlFlags
	namespace string
	dynamic   dynamic.Interface
	mapper    meta.RESTMapper
}

// target is one object by name.
type target struct {
	kind, name string
	resource   dynamic.ResourceInterface
}

func newKubectlClient(flags kubectlFlags) (*kubectlClient, error) {
	loader := clientcmd.NewNonInteractiveDeferredLoadingClientConfig(clientcmd.NewDefaultClientConfigLoadingRules(), nil)
	config, err := loader.ClientConfig()
	if err != nil {
		return nil, err
	}
	config.QPS = -1
	c := &kubectlClient{flags: flags, namespace: flags.namespace}
	if c.namespace == "" {
		if c.namespace, _, err = loader.Namespace(); err != nil {
			return nil, err
		}
	}
	if c.dynamic, err = dynamic.NewForConfig(config); err != nil {
		return nil, err
	}
	known, err := discovery.NewDiscoveryClientForConfig(config)
	if err != nil {
		return nil, err
	}
	cached := memory.NewMemCacheClient(known)
	c.mapper = restmapper.NewShortcutExpander(restmapper.NewDeferredDiscoveryRESTMapper(cached), cached, nil)
	return c, nil
}

// find looks a kind up as users write it: pods, Pod, po, gateways.networking.istio.io.
func (c *kubectlClient) find(word string) (*meta.RESTMapping, error) {
	resource, group := schema.ParseResourceArg(word)
	if resource == nil {
		resource = &schema.GroupVersionResource{Group: group.Group, Resource: group.Resource}
	}
	kind, err := c.mapper.KindFor(*resource)
	if err != nil {
		// A kind in place of a resource.
		kind, err = c.mapper.KindFor(schema.GroupVersionResource{Group: group.Group, Resource: strings.ToLower(group.Resource)})
	}
	if err != nil {
		return nil, err
	}
	return c.mapper.RESTMapping(kind.GroupKind(), kind.Version)
}

func (c *kubectlClient) at(mapping *meta.RESTMapping, namespace string) dynamic.ResourceInterface {
	if mapping.Scope.Name() == meta.RESTScopeNameRoot {
		return c.dynamic.Resource(mapping.Resource)
	}
	return c.dynamic.Resource(mapping.Resource).Namespace(namespace)
}

// of is where the objects like o are.
func (c *kubectlClient) of(ctx context.Context, o *unstructured.Unstructured) (dynamic.ResourceInterface, error) {
	mapping, err := c.known(ctx, o.GroupVersionKind())
	if err != nil {
		return nil, err
	}
	namespace := o.GetNamespace()
	if namespace == "" {
		namespace = c.namespace
	}
	return c.at(mapping, namespace), nil
}

// known looks a kind up. Where its definition has just been applied, the API
// server tells of it only seconds later.
func (c *kubectlClient) known(ctx context.Context, kind schema.GroupVersionKind) (*meta.RESTMapping, error) {
	const pause, patience = 200 * time.Millisecond, 20 * time.Second
	var mapping *meta.RESTMapping
	var unknown error
	err := wait.PollUntilContextTimeout(ctx, pause, patience, true, func(context.Context) (bool, error) {
		mapping, unknown = c.mapper.RESTMapping(kind.GroupKind(), kind.Version)
		if !meta.IsNoMatchError(unknown) {
			return true, unknown
		}
		meta.MaybeResetRESTMapper(c.mapper)
		return false, nil
	})
	if err != nil && unknown != nil {
		err = unknown
	}
	return mapping, err
}

// each visits the objects named by KIND NAME... or KIND/NAME...
func (c *kubectlClient) each(args []string, do func(target) error) error {
	word := ""
	for _, arg := range args {
		kind, name, pair := strings.Cut(arg, "/")
		switch {
		case pair:
			word = kind
		case word == "":
			word = arg
			continue
		default:
			name = arg
		}
		mapping, err := c.find(word)
		if err != nil {
			return err
		}
		if err := do(target{kind: mapping.GroupVersionKind.Kind, name: name, resource: c.at(mapping, c.namespace)}); err != nil {
			return err
		}
	}
	return nil
}

func (c *kubectlClient) get(ctx context.Context, args []string) error {
	if len(args) == 0 {
		return fmt.Errorf("get what?")
	}
	if len(args) > 1 || strings.Contains(args[0], "/") {
		return c.each(args, func(t target) error {
			o, err := t.resource.Get(ctx, t.name, metav1.GetOptions{})
			if apierrors.IsNotFound(err) && c.flags.ignoreMissing {
				return nil
			}
			if err != nil {
				return err
			}
			return c.print(o.Object, []unstructured.Unstructured{*o})
		})
	}
	list := &unstructured.UnstructuredList{Object: map[string]any{"apiVersion": "v1", "kind": "List"}}
	for word := range strings.SplitSeq(args[0], ",") {
		mapping, err := c.find(word)
		if err != nil {
			return err
		}
		namespace := c.namespace
		if c.flags.all {
			namespace = ""
		}
		found, err := c.at(mapping, namespace).List(ctx, metav1.ListOptions{LabelSelector: c.flags.selector})
		if err != nil {
			return err
		}
		list.Items = append(list.Items, found.Items...)
	}
	return c.print(list.UnstructuredContent(), list.Items)
}

func (c *kubectlClient) print(whole map[string]any, objects []unstructured.Unstructured) error {
	if path, ok := strings.CutPrefix(c.flags.output, "jsonpath="); ok {
		text, err := evaluate(path, whole)
		fmt.Println(text)
		return err
	}
	switch c.flags.output {
	case "json":
		encoder := json.NewEncoder(os.Stdout)
		encoder.SetIndent("", "  ")
		return encoder.Encode(whole)
	case "yaml":
		text, err := yaml.Marshal(whole)
		fmt.Print(string(text))
		return err
	}
	for _, o := range objects {
		name := o.GetName()
		if c.flags.all && o.GetNamespace() != "" {
			name = o.GetNamespace() + "/" + name
		}
		fmt.Println(strings.ToLower(o.GetKind()) + "/" + name)
	}
	return nil
}

func evaluate(path string, on map[string]any) (string, error) {
	expression := jsonpath.New("output").AllowMissingKeys(true)
	if err := expression.Parse(path); err != nil {
		return "", err
	}
	var text strings.Builder
	err := expression.Execute(&text, on)
	return text.String(), err
}

// wait polls, which is enough for a test that should take milliseconds.
func (c *kubectlClient) wait(ctx context.Context, t target) error {
	ctx, cancel := context.WithTimeout(ctx, c.flags.timeout)
	defer cancel()
	if c.flags.wait == "delete" {
		return c.gone(ctx, t)
	}
	return poll(ctx, fmt.Sprintf("%s/%s: %s", t.kind, t.name, c.flags.wait), func() (bool, error) {
		o, err := t.resource.Get(ctx, t.name, metav1.GetOptions{})
		if err != nil {
			return false, ignoreMissing(err)
		}
		if c.flags.wait == "create" {
			return true, nil
		}
		if condition, ok := strings.CutPrefix(c.flags.wait, "condition="); ok {
			path := fmt.Sprintf(`{.status.conditions[?(@.type==%q)].status}`, condition)
			text, err := evaluate(path, o.Object)
			return text == "True", err
		}
		expression, _ := strings.CutPrefix(c.flags.wait, "jsonpath=")
		end := strings.LastIndex(expression, "}")
		text, err := evaluate(expression[:end+1], o.Object)
		return text == strings.TrimPrefix(expression[end+1:], "="), err
	})
}

func (c *kubectlClient) gone(ctx context.Context, t target) error {
	return poll(ctx, fmt.Sprintf("%s/%s to go", t.kind, t.name), func() (bool, error) {
		_, err := t.resource.Get(ctx, t.name, metav1.GetOptions{})
		return apierrors.IsNotFound(err), ignoreMissing(err)
	})
}

func ignoreMissing(err error) error {
	if apierrors.IsNotFound(err) {
		return nil
	}
	return err
}

func poll(ctx context.Context, what string, done func() (bool, error)) error {
	for {
		if ok, err := done(); ok || err != nil {
			return err
		}
		select {
		case <-ctx.Done():
			return fmt.Errorf("waited in vain for %s", what)
		case <-time.After(50 * time.Millisecond):
		}
	}
}
