/**
 * A function that lets the SDK decode the request, does nothing and answers with bytes that it has:
 * `floor.js <address> <folder with a file of bytes for each tag>`.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  FunctionRunnerServiceService,
  type RunFunctionRequest,
} from '@crossplane-org/function-sdk-typescript';
import { Server, ServerCredentials, type handleUnaryCall } from '@grpc/grpc-js';

const [address = '', folder = ''] = process.argv.slice(2);
const known = new Map<string, Buffer>();

function answerTo(tag: string): Buffer {
  const answer = known.get(tag) ?? readFileSync(join(folder, tag));
  known.set(tag, answer);
  return answer;
}

const runFunction: handleUnaryCall<RunFunctionRequest, Buffer> = ({ request }, callback) => {
  callback(null, answerTo(request.meta?.tag ?? ''));
};
const server = new Server();
server.addService(
  {
    runFunction: {
      ...FunctionRunnerServiceService.runFunction,
      responseSerialize: (response: Buffer) => response,
    },
  },
  { runFunction },
);
server.bindAsync(address, ServerCredentials.createInsecure(), (error) => {
  if (error !== null) throw error;
});
