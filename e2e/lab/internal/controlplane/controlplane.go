// Package controlplane starts a Kubernetes control plane on loopback and stops it again: etcd, API server,
// controller manager, scheduler, and kwok for the kubelets. Everything it writes goes to one folder. It
// knows nothing about flags or terminals, and leaves making and removing the folder to its caller.
package controlplane

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"strings"
	"time"

	"github.com/meshctl/meshctl/e2e/lab/internal/api"
	"github.com/meshctl/meshctl/e2e/lab/internal/egress"
	"github.com/meshctl/meshctl/e2e/lab/internal/kwok"
	"github.com/meshctl/meshctl/e2e/lab/internal/process"
)

// attempts: a port that was free a moment ago may be taken when a component gets to it.
const attempts = 3

// grace is how long a component may take to stop before it is killed.
const grace = 3 * time.Second

// Options says what to start.
type Options struct {
	Folder   string // absolute, empty, and the caller's to remove
	Binaries string // where the programs are
	Nodes    int
}

// ControlPlane is a running control plane.
type ControlPlane struct {
	folder  folder
	options Options
	ports   ports
	client  *api.Client
	egress  *egress.Proxy
	spawner *process.Spawner
	running []*process.Process // in the order they were started
	died    chan *process.DiedError
}

// Programs are the names of the binaries that Options.Binaries has to hold.
func Programs() []string {
	return []string{"etcd", "kube-apiserver", "kube-controller-manager", "kube-scheduler", "kwok"}
}

// Start starts everything and returns when pods can be created. After an error nothing runs any more.
func Start(ctx context.Context, options Options) (*ControlPlane, error) {
	c := &ControlPlane{folder: folder(options.Folder), options: options, spawner: process.NewSpawner()}
	for attempt := 1; ; attempt++ {
		err := c.start(ctx)
		if err == nil {
			return c, nil
		}
		c.Stop()
		if attempt == attempts || !portTaken(err) {
			return nil, err
		}
	}
}

// Kubeconfig is the file that lets a client in as administrator.
func (c *ControlPlane) Kubeconfig() string { return c.folder.kubeconfig() }

// Died tells of the first component that ended by itself.
func (c *ControlPlane) Died() <-chan *process.DiedError { return c.died }

// Stop stops the components, the first started last: an API server that has lost its etcd does not stop
// by itself any more.
func (c *ControlPlane) Stop() {
	if c.egress != nil {
		_ = c.egress.Close()
	}
	if len(c.running) == 0 {
		return
	}
	done := make(chan struct{})
	others := c.running[1:]
	for _, p := range others {
		go func() {
			p.Stop(grace)
			done <- struct{}{}
		}()
	}
	for range others {
		<-done
	}
	c.running[0].Stop(grace)
	c.running = nil
}

func portTaken(err error) bool {
	var died *process.DiedError
	return errors.As(err, &died) && strings.Contains(died.Tail, "address already in use")
}

func (c *ControlPlane) start(ctx context.Context) error {
	c.died = make(chan *process.DiedError, len(Programs()))
	if err := c.prepare(); err != nil {
		return err
	}
	if err := c.startServer(ctx); err != nil {
		return err
	}
	if err := c.startKubelets(ctx); err != nil {
		return err
	}
	if err := c.startControllers(ctx); err != nil {
		return err
	}
	return c.awaitReady(ctx)
}

func (c *ControlPlane) prepare() error {
	if err := c.folder.prepare(); err != nil {
		return err
	}
	free, err := process.FreePorts(4)
	if err != nil {
		return err
	}
	c.ports = ports{etcd: free[0], etcdPeer: free[1], apiServer: free[2], kubelet: free[3]}
	own, err := writeIdentities(c.folder, c.ports.server())
	if err != nil {
		return err
	}
	if err := write(c.folder.kubeconfig(), kubeconfig(c.ports.server(), "lab-admin", own.authority, own.admin)); err != nil {
		return err
	}
	stages, err := kwok.Stages()
	if err != nil {
		return err
	}
	if c.egress, err = egress.Start(own.egress.Certificate, own.egress.Key); err != nil {
		return err
	}
	if err := writeConfigs(c.folder, c.egress.URL(), stages); err != nil {
		return err
	}
	c.client, err = api.New(c.ports.server(), own.authority, own.admin.Certificate, own.admin.Key)
	return err
}

func (c *ControlPlane) startServer(ctx context.Context) error {
	etcd, err := c.run("etcd", etcdArgs(c.folder, c.ports))
	if err != nil {
		return err
	}
	if err := c.await(ctx, "etcd", etcd, c.checkEtcd); err != nil {
		return err
	}
	server, err := c.run("kube-apiserver", apiServerArgs(c.folder, c.ports))
	if err != nil {
		return err
	}
	// Serving is not ready yet: the server idles for a second before it writes the default roles, which
	// is time enough to bring up the kubelets. Their leases need this namespace.
	return c.await(ctx, "API server", server, func(ctx context.Context) error {
		return c.client.Get(ctx, "/api/v1/namespaces/kube-node-lease", nil)
	})
}

func (c *ControlPlane) startKubelets(ctx context.Context) error {
	for _, d := range kwok.Definitions() {
		if err := c.client.CreateYAML(ctx, "/apis/apiextensions.k8s.io/v1/customresourcedefinitions", d.YAML); err != nil {
			return fmt.Errorf("defining %s: %w", d.Kind, err)
		}
	}
	if err := createNodes(ctx, c.client, c.options.Nodes, c.ports.kubelet); err != nil {
		return err
	}
	// kwok looks for its kinds once when it starts, and only much later again.
	if err := c.await(ctx, "custom resources", c.process("kube-apiserver"), c.checkDefinitions); err != nil {
		return err
	}
	_, err := c.run("kwok", kwokArgs(c.folder, c.ports, kwok.Kinds()))
	return err
}

func (c *ControlPlane) startControllers(ctx context.Context) error {
	if _, err := c.run("kube-scheduler", schedulerArgs(c.folder)); err != nil {
		return err
	}
	// A controller manager that finds the server not ready looks again only after a second.
	err := c.await(ctx, "API server", c.process("kube-apiserver"), func(ctx context.Context) error {
		return c.client.Get(ctx, "/readyz", nil)
	})
	if err != nil {
		return err
	}
	_, err = c.run("kube-controller-manager", controllerManagerArgs(c.folder))
	return err
}

// process is the component that runs under this name.
func (c *ControlPlane) process(name string) *process.Process {
	for _, p := range c.running {
		if p.Name == name {
			return p
		}
	}
	return nil
}

// run starts a program and reports its end, should it end before it is told to.
func (c *ControlPlane) run(name string, args []string) (*process.Process, error) {
	p, err := c.spawner.Start(process.Command{
		Name: name, Path: filepath.Join(c.options.Binaries, name), Args: args,
		Dir: string(c.folder), LogFile: c.folder.log(name),
	})
	if err != nil {
		return nil, err
	}
	c.running = append(c.running, p)
	died := c.died
	go func() { died <- p.Died() }()
	return p, nil
}
