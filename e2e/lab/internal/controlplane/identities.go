package controlplane

import (
	"github.com/meshctl/meshctl/e2e/lab/internal/pki"
)

// serviceIP is where the `kubernetes` service lives: the first address of serviceRange.
const (
	serviceRange = "10.96.0.0/16"
	serviceIP    = "10.96.0.1"
	loopback     = "127.0.0.1"
)

// aggregatorName is the only name whose word about other users the API server's extensions may take. It
// matters because one authority signs both it and ordinary users.
const aggregatorName = "lab-aggregator"

// identities are the names of the lab; those with a kubeconfig are marked.
type identity struct {
	name       string
	subject    pki.Subject
	kubeconfig bool
}

func identities() []identity {
	// The components are cluster administrators: with their usual, narrower roles they would meet
	// refusals, and back off, until the API server has written the default roles.
	admin := []string{"system:masters"}
	server := []string{loopback, "localhost", serviceIP, "kubernetes", "kubernetes.default", "kubernetes.default.svc"}
	return []identity{
		{name: "apiserver", subject: pki.Subject{Name: "kube-apiserver", Addresses: server}},
		{name: "kubelet", subject: pki.Subject{Name: "kubelet", Addresses: []string{loopback, "localhost"}}},
		{name: "egress", subject: pki.Subject{Name: "egress", Addresses: []string{loopback}}},
		{name: "kubelet-client", subject: pki.Subject{Name: "kube-apiserver-kubelet-client", Groups: admin}},
		{name: "aggregator", subject: pki.Subject{Name: aggregatorName}},
		{name: "admin", subject: pki.Subject{Name: "lab-admin", Groups: admin}, kubeconfig: true},
		{name: "controller-manager", subject: pki.Subject{Name: "system:kube-controller-manager", Groups: admin}, kubeconfig: true},
		{name: "scheduler", subject: pki.Subject{Name: "system:kube-scheduler", Groups: admin}, kubeconfig: true},
		{name: "kwok", subject: pki.Subject{Name: "lab-kwok", Groups: admin}, kubeconfig: true},
	}
}

// credentials is what the lab itself needs to talk to its API server.
type credentials struct {
	authority     []byte
	admin, egress pki.Pair
}

// writeIdentities fills the folder with fresh certificates, keys and kubeconfigs for a server.
func writeIdentities(f folder, server string) (credentials, error) {
	authority, err := pki.NewAuthority("lab")
	if err != nil {
		return credentials{}, err
	}
	own := credentials{authority: authority.Pair().Certificate}
	if err := f.writePair("authority", authority.Pair()); err != nil {
		return credentials{}, err
	}
	for _, id := range identities() {
		pair, err := authority.Issue(id.subject)
		if err != nil {
			return credentials{}, err
		}
		if err := f.writePair(id.name, pair); err != nil {
			return credentials{}, err
		}
		switch id.name {
		case "admin":
			own.admin = pair
		case "egress":
			own.egress = pair
		}
		if !id.kubeconfig {
			continue
		}
		if err := write(f.user(id.name), kubeconfig(server, id.subject.Name, own.authority, pair)); err != nil {
			return credentials{}, err
		}
	}
	public, private, err := pki.NewSigningKey()
	if err != nil {
		return credentials{}, err
	}
	if err := write(f.cert("tokens"), public); err != nil {
		return credentials{}, err
	}
	return own, write(f.key("tokens"), private)
}
