import { describe, expect, it } from '@jest/globals';
import { NODE_NETWORK } from './addresses.ts';
import { chooseEngine, type EngineAnswer, type EngineFacts } from './engine-choice.ts';

const { subnet, gateway } = NODE_NETWORK;

const ANSWER: EngineAnswer = {
  version: '28.2.2',
  components: ['Engine', 'containerd', 'runc', 'docker-init'],
  hostname: 'here',
  folderIsHere: true,
  security: ['name=seccomp,profile=builtin', 'name=cgroupns'],
  strangers: [],
};

function facts(changes: Partial<EngineFacts>, answer: Partial<EngineAnswer> = {}): EngineFacts {
  return {
    host: 'unix:///var/run/docker.sock',
    ownWanted: false,
    answer: { ...ANSWER, ...answer },
    hostname: 'here',
    routes: ['192.0.2.0/24', '172.17.0.0/16'],
    ...changes,
  };
}

describe('the engine of the machine', () => {
  it('is used when it answers', () => {
    expect(chooseEngine(facts({}))).toEqual({ socket: '/var/run/docker.sock', version: '28.2.2' });
  });

  it('is used with a network of nodes that is as ours would be', () => {
    const choice = chooseEngine(facts({}, { network: { subnet, gateway } }));
    expect(choice).toHaveProperty('socket');
  });

  it.each([
    { reason: 'the user says so', given: facts({ ownWanted: true }), says: 'ENGINE=own' },
    {
      reason: 'nobody answers',
      given: facts({ answer: 'connection refused' }),
      says: 'no engine answers: connection refused',
    },
    {
      reason: 'it is asked over the network',
      given: facts({ host: 'tcp://192.0.2.9:2376' }),
      says: 'tcp://192.0.2.9:2376 is not a local socket',
    },
    {
      reason: 'it is Podman',
      given: facts({}, { components: ['Podman Engine', 'Conmon'] }),
      says: 'Podman Engine',
    },
    {
      reason: 'it runs in a virtual machine',
      given: facts({}, { hostname: 'docker-desktop' }),
      says: 'runs on docker-desktop',
    },
    {
      reason: 'we are in a container that has its socket',
      given: facts({}, { folderIsHere: false }),
      says: 'does not share network and files with this machine',
    },
    { reason: 'a user runs it', given: facts({}, { security: ['name=rootless'] }), says: 'root' },
    {
      reason: 'its network of nodes is another one',
      given: facts({}, { network: { subnet: '172.18.0.0/16', gateway: '172.18.0.1' } }),
      says: `has the subnet 172.18.0.0/16, not ${subnet}`,
    },
    {
      reason: 'the machine is at an address that charts would be served at',
      given: facts({}, { network: { subnet, gateway: '172.31.0.254' } }),
      says: 'network "kind"',
    },
    {
      reason: 'somebody has nodes in it',
      given: facts({}, { strangers: ['kind-control-plane'] }),
      says: 'kind-control-plane',
    },
    {
      reason: 'the machine itself lives in a network that holds ours',
      given: facts({ routes: ['192.0.2.0/24', '172.31.0.0/20'] }),
      says: 'overlaps with the route 172.31.0.0/20',
    },
    {
      reason: 'one host in ours is reached another way',
      given: facts({ routes: ['172.31.0.2'] }),
      says: 'overlaps with the route 172.31.0.2',
    },
  ])('is not used, and the user is told why, when $reason', ({ given, says }) => {
    expect(chooseEngine(given)).toEqual({ ownBecause: expect.stringContaining(says) });
  });
});
