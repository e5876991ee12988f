/** NODE_NETWORK is the network that Cluster API's Docker backend puts machines on; it has no other name for it. */
export const NODE_NETWORK = {
  name: 'kind',
  subnet: '172.31.0.0/24',
  gateway: '172.31.0.1',
  /** Where Docker takes the addresses of machines from; those outside of it are ours to give. */
  machines: '172.31.0.0/25',
} as const;

/** Fixed addresses on it. */
export const ADDRESSES = { registry: '172.31.0.200', management: '172.31.0.201' } as const;

/** REGISTRY is where nodes and Crossplane pull from: a private address is asked by plain HTTP. */
export const REGISTRY = `${ADDRESSES.registry}:5000`;

/** Port of the API servers of real nodes. */
export const API_PORT = 6443;

/** Where charts are served: on the machine, as its containers reach it. */
export const CHARTS = { address: NODE_NETWORK.gateway, port: 8879 } as const;

/** CHARTS_URL is the Helm repository of the world. */
export const CHARTS_URL = `http://${CHARTS.address}:${CHARTS.port}`;

/** MANAGEMENT_ENDPOINT is where agents reach the management side. */
export const MANAGEMENT_ENDPOINT = `https://${ADDRESSES.management}:${API_PORT}`;
