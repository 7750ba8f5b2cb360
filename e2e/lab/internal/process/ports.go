package process

import (
	"fmt"
	"math/rand/v2"
	"net"
)

// The range lies below the ports that Linux and macOS give to outgoing connections and to listeners on
// port 0, so that between choosing a port and using it only another lab could take it.
const (
	lowestPort  = 12000
	highestPort = 29999
)

// FreePorts draws distinct ports on which nobody listens on loopback.
func FreePorts(count int) ([]int, error) {
	var ports []int
	taken := map[int]bool{}
	for range 100 * count {
		if len(ports) == count {
			return ports, nil
		}
		port := lowestPort + rand.IntN(highestPort-lowestPort+1)
		if taken[port] {
			continue
		}
		taken[port] = true
		listener, err := net.Listen("tcp", fmt.Sprintf("127.0.0.1:%d", port))
		if err != nil {
			continue
		}
		_ = listener.Close()
		ports = append(ports, port)
	}
	if len(ports) == count {
		return ports, nil
	}
	return nil, fmt.Errorf("finding %d free ports between %d and %d", count, lowestPort, highestPort)
}
