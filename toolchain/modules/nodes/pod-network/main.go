// Command pod-network is a CNI daemon for nodes that share one link: it writes the node's CNI
// configuration from its podCIDR and keeps a route to the podCIDR of every other node.
package main

import (
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"log"
	"net"
	"os"
	"path/filepath"
	"time"

	"github.com/vishvananda/netlink"
)

// How often nodes are looked at; a new node waits so long for its network at most.
const interval = 2 * time.Second

func main() {
	folder := flag.String("conf", "/host/etc/cni/net.d", "folder of CNI configurations")
	flag.Parse()
	name := os.Getenv("NODE_NAME")
	if name == "" {
		log.Fatal("NODE_NAME must be set to the name of this node")
	}
	api, err := inCluster()
	if err != nil {
		log.Fatal(err)
	}
	for ; ; time.Sleep(interval) {
		if err := pass(api, name, filepath.Join(*folder, "10-pod-network.conflist")); err != nil {
			log.Print(err)
		}
	}
}

func pass(api *api, self, file string) error {
	ctx, cancel := context.WithTimeout(context.Background(), 10*time.Second)
	defer cancel()
	nodes, err := api.nodes(ctx)
	if err != nil {
		return err
	}
	var problems []error
	for _, node := range nodes {
		switch {
		case node.Spec.PodCIDR == "":
		case node.Metadata.Name == self:
			problems = append(problems, write(file, node.Spec.PodCIDR))
		default:
			problems = append(problems, route(node))
		}
	}
	return errors.Join(problems...)
}

// The whole file at once: the kubelet reads whatever it finds.
func write(file, podCIDR string) error {
	wanted, err := conflist(podCIDR)
	if err != nil {
		return err
	}
	if found, err := os.ReadFile(file); err == nil && string(found) == string(wanted) {
		return nil
	}
	if err := os.WriteFile(file+".tmp", wanted, 0o644); err != nil {
		return err
	}
	log.Printf("the Pods of this node get addresses of %s", podCIDR)
	return os.Rename(file+".tmp", file)
}

func conflist(podCIDR string) ([]byte, error) {
	type object = map[string]any
	return json.Marshal(object{
		"cniVersion": "0.4.0",
		"name":       "pod-network",
		"plugins": []object{
			{
				"type": "bridge", "bridge": "cni0", "isGateway": true, "ipMasq": true, "hairpinMode": true,
				"ipam": object{
					"type":   "host-local",
					"ranges": [][]object{{{"subnet": podCIDR}}},
					"routes": []object{{"dst": "0.0.0.0/0"}},
				},
			},
			{"type": "portmap", "capabilities": object{"portMappings": true}},
		},
	})
}

func route(node node) error {
	_, pods, err := net.ParseCIDR(node.Spec.PodCIDR)
	if err != nil {
		return err
	}
	for _, address := range node.Status.Addresses {
		if address.Type != "InternalIP" {
			continue
		}
		gateway := net.ParseIP(address.Address)
		if err := netlink.RouteReplace(&netlink.Route{Dst: pods, Gw: gateway}); err != nil {
			return fmt.Errorf("route to %s by %s: %w", pods, gateway, err)
		}
	}
	return nil
}
