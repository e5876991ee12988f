package main

import (
	"context"
	"fmt"
	"slices"
	"strings"

	corev1 "k8s.io/api/core/v1"
	"k8s.io/utils/ptr"
	"sigs.k8s.io/controller-runtime/pkg/client"

	bootstrapv1 "sigs.k8s.io/cluster-api/api/bootstrap/kubeadm/v1beta2"
	infrav1 "sigs.k8s.io/cluster-api/test/infrastructure/docker/api/v1beta2"
	inmemoryruntime "sigs.k8s.io/cluster-api/test/infrastructure/inmemory/pkg/runtime"
	inmemoryclient "sigs.k8s.io/cluster-api/test/infrastructure/inmemory/pkg/runtime/client"
	inmemoryresourcegroup "sigs.k8s.io/cluster-api/test/infrastructure/inmemory/pkg/runtime/resourcegroup"
	"sigs.k8s.io/cluster-api/util"
)

// uninitialized is what a kubelet with `cloud-provider: external` registers its Node with
// (pkg/kubelet/kubelet_node_status.go); the cloud controller takes it away.
var uninitialized = corev1.Taint{
	Key:    "node.cloudprovider.kubernetes.io/uninitialized",
	Value:  "true",
	Effect: corev1.TaintEffectNoSchedule,
}

// kubelets is the memory of the cloud as the reconcilers of one site use it. The in-memory backend
// registers every Node with its providerID, as if there were no cloud controllers. Here a Node whose
// kubelet is told `cloud-provider: external` has none, and the taint, as on every real cloud.
type kubelets struct {
	inmemoryruntime.Manager
	// site reads Machines, uncached the kubeadm configurations that they boot with.
	site     client.Client
	uncached client.Reader
}

func (k kubelets) GetResourceGroup(name string) inmemoryresourcegroup.ResourceGroup {
	return kubeletGroup{group: k.Manager.GetResourceGroup(name), name: name, kubelets: k}
}

// kubeletGroup is the memory of one workload cluster; its name is `namespace/name` of the Cluster.
type kubeletGroup struct {
	group    inmemoryresourcegroup.ResourceGroup
	name     string
	kubelets kubelets
}

func (g kubeletGroup) GetClient() inmemoryclient.Client {
	namespace, _, _ := strings.Cut(g.name, "/")
	return kubeletClient{Client: g.group.GetClient(), namespace: namespace, kubelets: g.kubelets}
}

type kubeletClient struct {
	inmemoryclient.Client
	namespace string
	kubelets  kubelets
}

func (c kubeletClient) Create(ctx context.Context, object client.Object) error {
	node, ok := object.(*corev1.Node)
	if !ok {
		return c.Client.Create(ctx, object)
	}
	external, err := c.kubelets.isExternal(ctx, client.ObjectKey{Namespace: c.namespace, Name: node.Name})
	if err != nil {
		return fmt.Errorf("cannot tell how the kubelet of Node %s is configured: %w", node.Name, err)
	}
	if external {
		node.Spec.ProviderID = ""
		node.Spec.Taints = append(node.Spec.Taints, uninitialized)
	}
	return c.Client.Create(ctx, node)
}

// isExternal tells whether the kubelet of a DevMachine is told to leave its Node to a cloud controller.
func (k kubelets) isExternal(ctx context.Context, key client.ObjectKey) (bool, error) {
	devMachine := &infrav1.DevMachine{}
	if err := k.site.Get(ctx, key, devMachine); err != nil {
		return false, err
	}
	machine, err := util.GetOwnerMachine(ctx, k.site, devMachine.ObjectMeta)
	if err != nil || machine == nil || !machine.Spec.Bootstrap.ConfigRef.IsDefined() {
		return false, err
	}
	config := &bootstrapv1.KubeadmConfig{}
	key.Name = machine.Spec.Bootstrap.ConfigRef.Name
	if err := k.uncached.Get(ctx, key, config); err != nil {
		return false, err
	}
	return slices.ContainsFunc(slices.Concat(
		config.Spec.InitConfiguration.NodeRegistration.KubeletExtraArgs,
		config.Spec.JoinConfiguration.NodeRegistration.KubeletExtraArgs,
	), func(arg bootstrapv1.Arg) bool {
		return arg.Name == "cloud-provider" && ptr.Deref(arg.Value, "") == "external"
	}), nil
}
