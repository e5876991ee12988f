package main

import (
	"context"
	"fmt"
	"slices"
	"time"

	corev1 "k8s.io/api/core/v1"
	apiextensionsv1 "k8s.io/apiextensions-apiserver/pkg/apis/apiextensions/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/labels"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/runtime/schema"
	utilruntime "k8s.io/apimachinery/pkg/util/runtime"
	"k8s.io/apimachinery/pkg/util/wait"
	"k8s.io/client-go/discovery"
	clientgoscheme "k8s.io/client-go/kubernetes/scheme"
	"k8s.io/client-go/rest"
	"k8s.io/client-go/tools/clientcmd"
	"k8s.io/klog/v2"
	"k8s.io/utils/ptr"
	ctrl "sigs.k8s.io/controller-runtime"
	"sigs.k8s.io/controller-runtime/pkg/cache"
	"sigs.k8s.io/controller-runtime/pkg/client"
	"sigs.k8s.io/controller-runtime/pkg/config"
	"sigs.k8s.io/controller-runtime/pkg/controller"
	metricsserver "sigs.k8s.io/controller-runtime/pkg/metrics/server"

	bootstrapv1 "sigs.k8s.io/cluster-api/api/bootstrap/kubeadm/v1beta2"
	clusterv1 "sigs.k8s.io/cluster-api/api/core/v1beta2"
	"sigs.k8s.io/cluster-api/controllers/clustercache"
	"sigs.k8s.io/cluster-api/test/infrastructure/container"
	infrav1 "sigs.k8s.io/cluster-api/test/infrastructure/docker/api/v1beta2"
	"sigs.k8s.io/cluster-api/test/infrastructure/docker/controllers"
)

const (
	// retryInterval lies between two tries to reach a site, or to serve one that could not be served.
	retryInterval = time.Second
	// discoveryTimeout bounds one question to an API server that hangs or whose link is cut.
	discoveryTimeout = 3 * time.Second
	// cacheSyncTimeout bounds the start of the watches. Kinds that vanish in between fail that way.
	cacheSyncTimeout = 30 * time.Second
)

// needed are the resources that the reconcilers watch; a watch on a kind that is not there fails.
var needed = []schema.GroupVersionResource{
	clusterv1.GroupVersion.WithResource("clusters"),
	clusterv1.GroupVersion.WithResource("machines"),
	infrav1.GroupVersion.WithResource("devclusters"),
	infrav1.GroupVersion.WithResource("devmachines"),
	infrav1.GroupVersion.WithResource("devmachinetemplates"),
}

// site is one management API server whose Dev objects are reconciled against the shared cloud.
type site struct {
	kubeconfig string
	cloud      cloud
}

// serve reconciles until the context ends, however often the API server comes and goes.
func (s site) serve(ctx context.Context) {
	last := ""
	wait.UntilWithContext(ctx, func(ctx context.Context) {
		err := s.serveOnce(ctx)
		if err == nil || ctx.Err() != nil {
			return
		}
		if reason := err.Error(); reason != last { // once a second would flood the log
			klog.InfoS("Waiting for a site", "kubeconfig", s.kubeconfig, "reason", reason)
			last = reason
		}
	}, retryInterval)
}

// serveOnce returns an error when the site is not ready to be served, or when serving it failed.
func (s site) serveOnce(ctx context.Context) error {
	restConfig, err := clientcmd.BuildConfigFromFlags("", s.kubeconfig)
	if err != nil {
		return fmt.Errorf("cannot read kubeconfig: %w", err)
	}
	if err := hasClusterAPI(restConfig); err != nil {
		return err
	}
	// The end of this attempt must also end what clustercache started.
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	restConfig.QPS, restConfig.Burst = 100, 200
	mgr, err := ctrl.NewManager(restConfig, managerOptions())
	if err != nil {
		return fmt.Errorf("cannot create a manager: %w", err)
	}
	if err := s.setupReconcilers(ctx, mgr); err != nil {
		return err
	}
	klog.InfoS("Serving a site", "kubeconfig", s.kubeconfig, "host", restConfig.Host)
	return mgr.Start(ctx)
}

// hasClusterAPI fails unless the API server serves all that the reconcilers watch.
func hasClusterAPI(restConfig *rest.Config) error {
	bounded := rest.CopyConfig(restConfig)
	bounded.Timeout = discoveryTimeout
	bounded.QPS = -1 // no rate limit: its complaint would hide why the server does not answer
	api, err := discovery.NewDiscoveryClientForConfig(bounded)
	if err != nil {
		return fmt.Errorf("cannot use kubeconfig: %w", err)
	}
	for _, resource := range needed {
		list, err := api.ServerResourcesForGroupVersion(resource.GroupVersion().String())
		if err != nil {
			return fmt.Errorf("cannot discover %s: %w", resource.GroupVersion(), err)
		}
		isServed := slices.ContainsFunc(list.APIResources, func(served metav1.APIResource) bool {
			return served.Name == resource.Resource
		})
		if !isServed {
			return fmt.Errorf("%s of %s are not served yet", resource.Resource, resource.GroupVersion())
		}
	}
	return nil
}

// managerOptions are those of the stock Dev manager that matter here. Several managers live in this
// process, so controller names repeat and none serves metrics.
func managerOptions() ctrl.Options {
	scheme := runtime.NewScheme()
	for _, add := range []func(*runtime.Scheme) error{
		apiextensionsv1.AddToScheme, bootstrapv1.AddToScheme, clientgoscheme.AddToScheme,
		clusterv1.AddToScheme, infrav1.AddToScheme,
	} {
		utilruntime.Must(add(scheme))
	}
	hasClusterName, err := labels.Parse(clusterv1.ClusterNameLabel)
	utilruntime.Must(err)
	return ctrl.Options{
		Scheme:     scheme,
		Controller: config.Controller{SkipNameValidation: ptr.To(true), CacheSyncTimeout: cacheSyncTimeout},
		Metrics:    metricsserver.Options{BindAddress: "0"},
		Cache: cache.Options{ByObject: map[client.Object]cache.ByObject{
			&corev1.Secret{}: {Label: hasClusterName},
		}},
		Client: client.Options{Cache: &client.CacheOptions{
			DisableFor:   []client.Object{&corev1.ConfigMap{}, &corev1.Secret{}},
			Unstructured: true,
		}},
	}
}

// setupReconcilers adds the Dev reconcilers of Cluster API over the shared cloud to a site's manager.
func (s site) setupReconcilers(ctx context.Context, mgr ctrl.Manager) error {
	secrets, err := client.New(mgr.GetConfig(), client.Options{
		HTTPClient: mgr.GetHTTPClient(),
		Cache:      &client.CacheOptions{Reader: mgr.GetCache()},
	})
	if err != nil {
		return fmt.Errorf("cannot create a client for Secrets: %w", err)
	}
	// The in-memory backend never talks to Docker, but the reconcilers want a client of it.
	docker, err := container.NewDockerClient()
	if err != nil {
		return fmt.Errorf("cannot create a Docker client: %w", err)
	}
	clusters, err := clustercache.SetupWithManager(ctx, mgr, clustercache.Options{
		SecretClient: secrets,
		Client:       clustercache.ClientOptions{UserAgent: "pretend-cloud"},
	}, controller.Options{})
	if err != nil {
		return fmt.Errorf("cannot set up the cluster cache: %w", err)
	}
	options := controller.Options{MaxConcurrentReconciles: 10}
	reconcilers := []interface {
		SetupWithManager(context.Context, ctrl.Manager, controller.Options) error
	}{
		&controllers.DevClusterReconciler{
			Client: mgr.GetClient(), ContainerRuntime: docker,
			InMemoryManager: s.cloud.memory, APIServerMux: s.cloud.mux,
		},
		&controllers.DevMachineReconciler{
			Client: mgr.GetClient(), ContainerRuntime: docker, ClusterCache: clusters,
			InMemoryManager: kubelets{
				Manager: s.cloud.memory, site: mgr.GetClient(), uncached: mgr.GetAPIReader(),
			},
			APIServerMux: s.cloud.mux,
		},
		&controllers.DevMachineTemplateReconciler{Client: mgr.GetClient(), ContainerRuntime: docker},
	}
	for _, reconciler := range reconcilers {
		if err := reconciler.SetupWithManager(ctx, mgr, options); err != nil {
			return fmt.Errorf("cannot set up %T: %w", reconciler, err)
		}
	}
	return nil
}
