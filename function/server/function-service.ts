import { FunctionRunnerServiceService } from '@crossplane-org/function-sdk-typescript';
import type { RunFunctionRequest } from '@crossplane-org/function-sdk-typescript';
import type { handleUnaryCall, sendUnaryData, Server } from '@grpc/grpc-js';
import { readRequest } from './request-reader.ts';

/**
 * The served versions of the function protocol. The messages are the same on the wire; core and CLI 1.14
 * to 1.16 use v1beta1, later versions v1 (facts/crossplane-runs.md 8).
 */
export const PROTOCOLS = ['v1', 'v1beta1'] as const;

/** Protocol is a version of fn.proto. */
export type Protocol = (typeof PROTOCOLS)[number];

/** Answer maps a request to an encoded response. It never fails. */
export type Answer = (request: RunFunctionRequest, protocol: Protocol) => Promise<Buffer>;

/** The full gRPC name of the function's service in a version. */
export function serviceName(protocol: Protocol): string {
  return `apiextensions.fn.proto.${protocol}.FunctionRunnerService`;
}

/** Registers an answer for every version of the protocol. */
export function addFunctionService(server: Server, answer: Answer): void {
  for (const protocol of PROTOCOLS) {
    const runFunction: handleUnaryCall<RunFunctionRequest, Buffer> = ({ request }, callback) => {
      void respond(answer(request, protocol), callback);
    };
    server.addService(
      {
        runFunction: {
          ...FunctionRunnerServiceService.runFunction,
          path: `/${serviceName(protocol)}/RunFunction`,
          requestDeserialize: readRequest,
          responseSerialize: (response: Buffer) => response,
        },
      },
      { runFunction },
    );
  }
}

async function respond(answer: Promise<Buffer>, callback: sendUnaryData<Buffer>): Promise<void> {
  callback(null, await answer);
}
