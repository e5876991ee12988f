/**
 * The entry point of the test bed: others import only from here. A world of fake machines is a
 * {@link Stage}, a world of real nodes a {@link RealWorld}; {@link runCommandLine} runs a {@link Command} in
 * the namespaces of its world.
 */
export { builtFile } from './built-file.ts';
export { providerIdOf, UNINITIALIZED } from './ccm/initialised.ts';
export { clusterctlHome, type Move, startClusterctlMove } from './clusterctl.ts';
export type { Command, CommandContext } from './command.ts';
export { type ProcessName, startControl } from './control.ts';
export { CROSSPLANE_NAMESPACE } from './crossplane/chart.ts';
export { CIRCUIT_BREAKER } from './crossplane/circuit-breaker.ts';
export { coreMetricsUrl } from './crossplane/crossplane.ts';
export {
  deleteClaim,
  machinesInside,
  reported,
  scaleClaim,
  scaleInside,
  type Theatre,
  unmanagedMilliseconds,
  untilOperational,
} from './demo/acts.ts';
export { follow } from './demo/follow.ts';
export { timelineLine } from './demo/timeline.ts';
export { apiPath, isSteadyWrite } from './fault-proxy/api-request.ts';
export { type FaultProxy, startFaultProxy, targetOf } from './fault-proxy/fault-proxy.ts';
export type { Fault } from './fault-proxy/faults.ts';
export type { SeenRequest } from './fault-proxy/seen-request.ts';
export { kubectlFromOutside } from './isolation/enter.ts';
export { kubeconfig } from './kubeconfig.ts';
export { leftovers, TEARDOWN_REPORT } from './leftovers.ts';
export { apiServerUrl, CLOUD_ADDRESS, siteAddresses } from './network/address-plan.ts';
export { inNamespace } from './network/network.ts';
export { taintsOf } from './node-double/taints.ts';
export { issueCertificate } from './pki/certificate.ts';
export { killPods } from './pods.ts';
export type { ManagedProcess } from './processes.ts';
export { ACCESS_USER, accessTo, grantAccess } from './product/access.ts';
export { AGENT_IMAGE } from './product/images.ts';
export { pivotObject } from './product/pivot-object.ts';
export { applyObjects } from './product/product.ts';
export { providerProcess } from './product/provider.ts';
export {
  FOREIGN_PROVIDERS,
  foreignCrds,
  type ForeignProviderName,
} from './providers/foreign-crds.ts';
export { applyCrds, installProviders } from './providers/install.ts';
export { type RenderedProviders, renderProviders } from './providers/render.ts';
export { CAPI_PROVIDERS } from './providers/table.ts';
export { CHARTS_URL } from './real/addresses.ts';
export { growAlone, loseWorker } from './real/alone.ts';
export { CHART_RELEASES, realClaim, type RealClaim, realProfile, WEB } from './real/claim.ts';
export { containersOfCluster, powerCut } from './real/containers.ts';
export { helm as runHelm } from './real/crossplane.ts';
export { type Docker, dockerAt } from './real/docker.ts';
export { flags as commandFlags } from './real/flags.ts';
export { type BadNetwork, linkOf } from './real/link.ts';
export { worldContainers } from './real/machine-engine.ts';
export { onThisMachine, surveyMachine } from './real/machine.ts';
export { MANAGEMENT, type RealCluster } from './real/management.ts';
export { exec as execInNode } from './real/node.ts';
export { pageOn } from './real/page.ts';
export { podNetwork } from './real/pod-network.ts';
export { kubernetesVersion, nodeImage } from './real/prepared.ts';
export type { Release } from './real/product.ts';
export type { RealFile } from './real/real-file.ts';
export { type RealWorld, releasedProviders, startRealWorld } from './real/real-world.ts';
export { REGISTRY_CONTAINER } from './real/registry.ts';
export { remains } from './real/remains.ts';
export { ensureRootFileSystems } from './real/root-file-systems.ts';
export { startRealStage } from './real/stage.ts';
export { workloadCluster } from './real/workload.ts';
export { type CommandLine, runCommandLine } from './run-command-line.ts';
export type { Site } from './site/site.ts';
export { type Stage, startStage } from './stage.ts';
export { binary, type ProgressEvent } from './world-context.ts';
export type { WorldFile } from './world-file.ts';
export { startWorld, type World, type WorldOptions } from './world.ts';
