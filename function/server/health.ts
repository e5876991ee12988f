import { status } from '@grpc/grpc-js';
import type {
  handleUnaryCall,
  Server,
  ServerWritableStream,
  ServiceDefinition,
} from '@grpc/grpc-js';

/** ServingStatus is `grpc.health.v1.HealthCheckResponse.ServingStatus`, by number. */
const SERVING_STATUS = { SERVING: 1, NOT_SERVING: 2, SERVICE_UNKNOWN: 3 } as const;

type ServingStatus = keyof typeof SERVING_STATUS;

/** An object, because grpc-js treats a falsy request, such as the empty name, as no request. */
interface HealthCheckRequest {
  readonly service: string;
}

/** Health implements `grpc.health.v1.Health` for a whole server. */
export interface Health {
  /** Reports NOT_SERVING from now on, also to all watchers, and ends their streams. */
  stop(): void;
}

/** The service that gRPC's health protocol defines (grpc/grpc doc/health-checking.md). */
const HEALTH: ServiceDefinition = { check: method('Check', false), watch: method('Watch', true) };

/**
 * Adds the health service to a server; its first status is SERVING. The empty name means the whole server;
 * an unknown name is NOT_FOUND for a Check and SERVICE_UNKNOWN for a Watch, as the protocol requires.
 */
export function addHealth(server: Server, services: readonly string[]): Health {
  let serving = true;
  const watchers = new Set<ServerWritableStream<HealthCheckRequest, ServingStatus>>();

  function statusOf(service: string): ServingStatus {
    if (service !== '' && !services.includes(service)) return 'SERVICE_UNKNOWN';
    return serving ? 'SERVING' : 'NOT_SERVING';
  }

  const check: handleUnaryCall<HealthCheckRequest, ServingStatus> = ({ request }, callback) => {
    const answer = statusOf(request.service);
    if (answer === 'SERVICE_UNKNOWN')
      callback({ code: status.NOT_FOUND, details: 'no such service' });
    else callback(null, answer);
  };

  function watch(call: ServerWritableStream<HealthCheckRequest, ServingStatus>): void {
    watchers.add(call);
    call.on('cancelled', () => watchers.delete(call));
    call.write(statusOf(call.request.service));
  }

  server.addService(HEALTH, { check, watch });
  return {
    stop(): void {
      serving = false;
      for (const call of watchers) {
        call.write(statusOf(call.request.service));
        // An open stream would block the graceful shutdown.
        call.end();
      }
      watchers.clear();
    },
  };
}

/** A method with the codec of the server; the client is not used. */
function method(name: string, responseStream: boolean): ServiceDefinition[string] {
  return {
    path: `/grpc.health.v1.Health/${name}`,
    requestStream: false,
    responseStream,
    requestSerialize: same,
    requestDeserialize: decode,
    responseSerialize: (answer: ServingStatus) => Buffer.from([0x08, SERVING_STATUS[answer]]),
    responseDeserialize: same,
  };
}

/**
 * HealthCheckRequest is `string service = 1`: tag 0x0a, length, text. A name of 128 bytes or more has a
 * length of two bytes and is decoded incorrectly, which is harmless because no service has such a name.
 */
function decode(bytes: Buffer): HealthCheckRequest {
  return { service: bytes[0] === 0x0a ? bytes.toString('utf8', 2) : '' };
}

function same(bytes: Buffer): Buffer {
  return bytes;
}
