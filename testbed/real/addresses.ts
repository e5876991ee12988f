/** NODE_NETWORK is the network of machines in Cluster API's Docker backend; its name is fixed there. */
export const NODE_NETWORK = {
  name: 'kind',
  subnet: '172.31.0.0/24',
  gateway: '172.31.0.1',
  /** The range from which Docker assigns addresses of machines; we assign the others. */
  machines: '172.31.0.0/25',
} as const;

/** Fixed addresses on it. */
export const ADDRESSES = { registry: '172.31.0.200', management: '172.31.0.201' } as const;

/** REGISTRY is the registry of nodes and Crossplane: a private address is accessed by plain HTTP. */
export const REGISTRY = `${ADDRESSES.registry}:5000`;

/** Port of the API servers of real nodes. */
export const API_PORT = 6443;

/** Address of the chart server: the machine, as reachable from its containers. */
export const CHARTS = { address: NODE_NETWORK.gateway, port: 8879 } as const;

/** CHARTS_URL is the Helm repository of the world. */
export const CHARTS_URL = `http://${CHARTS.address}:${CHARTS.port}`;

/** MANAGEMENT_ENDPOINT is the endpoint of the management side for agents. */
export const MANAGEMENT_ENDPOINT = `https://${ADDRESSES.management}:${API_PORT}`;
