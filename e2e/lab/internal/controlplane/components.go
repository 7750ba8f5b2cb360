package controlplane

import (
	"fmt"
	"strconv"
)

// ports are what a lab listens on, all on loopback. The scheduler and the controller manager serve nothing.
type ports struct {
	etcd, etcdPeer, apiServer, kubelet int
}

func (p ports) server() string { return "https://" + loopback + ":" + strconv.Itoa(p.apiServer) }

func etcdArgs(f folder, p ports) []string {
	client, peer := plainURL(p.etcd), plainURL(p.etcdPeer)
	return []string{
		"--name=lab", "--data-dir=" + f.path("etcd"),
		"--listen-client-urls=" + client, "--advertise-client-urls=" + client,
		"--listen-peer-urls=" + peer, "--initial-advertise-peer-urls=" + peer, "--initial-cluster=lab=" + peer,
		// The data live as long as the process: nothing is worth a disk flush.
		"--unsafe-no-fsync", "--auto-compaction-retention=0", "--snapshot-count=100000", "--log-level=warn",
		// An election among one member only has to time out once, but that is a whole second by default.
		"--heartbeat-interval=10", "--election-timeout=100",
	}
}

func apiServerArgs(f folder, p ports) []string {
	return []string{
		"--etcd-servers=" + plainURL(p.etcd), "--storage-media-type=application/vnd.kubernetes.protobuf",
		"--bind-address=" + loopback, "--secure-port=" + strconv.Itoa(p.apiServer),
		// Without an address to advertise the server looks for a default route, which a sandbox may not have.
		// It may not write this one to the endpoints of the `kubernetes` service, though, so it writes none.
		"--advertise-address=" + loopback, "--endpoint-reconciler-type=none",
		"--service-cluster-ip-range=" + serviceRange, "--allow-privileged",
		"--authorization-mode=Node,RBAC",
		"--tls-cert-file=" + f.cert("apiserver"), "--tls-private-key-file=" + f.key("apiserver"),
		"--client-ca-file=" + f.cert("authority"),
		"--kubelet-certificate-authority=" + f.cert("authority"),
		"--kubelet-client-certificate=" + f.cert("kubelet-client"), "--kubelet-client-key=" + f.key("kubelet-client"),
		"--kubelet-preferred-address-types=InternalIP",
		"--egress-selector-config-file=" + f.path("egress.yaml"),
		"--requestheader-client-ca-file=" + f.cert("authority"),
		"--requestheader-allowed-names=" + aggregatorName,
		"--requestheader-username-headers=X-Remote-User", "--requestheader-group-headers=X-Remote-Group",
		"--requestheader-extra-headers-prefix=X-Remote-Extra-",
		"--proxy-client-cert-file=" + f.cert("aggregator"), "--proxy-client-key-file=" + f.key("aggregator"),
		"--service-account-issuer=https://kubernetes.default.svc.cluster.local",
		"--service-account-key-file=" + f.cert("tokens"), "--service-account-signing-key-file=" + f.key("tokens"),
		"--profiling=false", "--shutdown-delay-duration=0s", "--event-ttl=1h",
		// Fairness among users only delays a cluster that has one user.
		"--enable-priority-and-fairness=false", "--max-requests-inflight=0", "--max-mutating-requests-inflight=0",
	}
}

func controllerManagerArgs(f folder) []string {
	return []string{
		"--kubeconfig=" + f.user("controller-manager"), "--leader-elect=false", "--secure-port=0",
		"--controllers=*", "--use-service-account-credentials=false",
		"--root-ca-file=" + f.cert("authority"), "--service-account-private-key-file=" + f.key("tokens"),
		"--cluster-signing-cert-file=" + f.cert("authority"), "--cluster-signing-key-file=" + f.key("authority"),
		"--service-cluster-ip-range=" + serviceRange,
		"--kube-api-qps=1000", "--kube-api-burst=2000",
		"--node-monitor-period=1s", "--namespace-sync-period=1m",
		"--concurrent-deployment-syncs=10", "--concurrent-replicaset-syncs=10", "--concurrent-namespace-syncs=20",
		"--concurrent-gc-syncs=20",
	}
}

func schedulerArgs(f folder) []string {
	return []string{"--config=" + f.path("scheduler.yaml"), "--secure-port=0"}
}

// schedulerConfig carries the request rate, which has no flag of its own in the scheduler.
func schedulerConfig(f folder) []byte {
	return fmt.Appendf(nil, `apiVersion: kubescheduler.config.k8s.io/v1
kind: KubeSchedulerConfiguration
leaderElection:
  leaderElect: false
clientConnection:
  kubeconfig: %q
  qps: 1000
  burst: 2000
podInitialBackoffSeconds: 1
podMaxBackoffSeconds: 2
`, f.user("scheduler"))
}

func kwokArgs(f folder, p ports, kinds string) []string {
	return []string{
		"--kubeconfig=" + f.user("kwok"), "--config=" + f.path("kwok.yaml"),
		"--manage-all-nodes", "--node-ip=" + loopback, "--node-port=" + strconv.Itoa(p.kubelet),
		"--server-address=" + loopback + ":" + strconv.Itoa(p.kubelet),
		"--tls-cert-file=" + f.cert("kubelet"), "--tls-private-key-file=" + f.key("kubelet"),
		"--node-lease-duration-seconds=40", "--cidr=10.245.0.0/16",
		"--enable-crds=" + kinds,
	}
}

func plainURL(port int) string { return fmt.Sprintf("http://%s:%d", loopback, port) }

// egressConfig sends what the API server has to say to nodes, services and pods through the proxy.
func egressConfig(f folder, proxy string) []byte {
	return fmt.Appendf(nil, `apiVersion: apiserver.k8s.io/v1beta1
kind: EgressSelectorConfiguration
egressSelections:
- name: cluster
  connection:
    proxyProtocol: HTTPConnect
    transport:
      tcp:
        url: %q
        tlsConfig: {caBundle: %q, clientCert: %q, clientKey: %q}
`, proxy, f.cert("authority"), f.cert("kubelet-client"), f.key("kubelet-client"))
}

// writeConfigs puts down the files that the components read beside their flags.
func writeConfigs(f folder, proxy string, stages []byte) error {
	if err := write(f.path("scheduler.yaml"), schedulerConfig(f)); err != nil {
		return err
	}
	if err := write(f.path("egress.yaml"), egressConfig(f, proxy)); err != nil {
		return err
	}
	return write(f.path("kwok.yaml"), stages)
}
