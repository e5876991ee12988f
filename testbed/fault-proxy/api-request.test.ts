import { describe, expect, it } from '@jest/globals';
import { apiPath, isSteadyWrite, isWrite } from './api-request.ts';

describe('apiPath', () => {
  it.each([
    {
      reason: 'an object of a group',
      url: '/apis/cluster.x-k8s.io/v1beta2/namespaces/default/clusters/demo/status?dryRun=All',
      want: {
        group: 'cluster.x-k8s.io',
        resource: 'clusters',
        namespace: 'default',
        name: 'demo',
        subresource: 'status',
      },
    },
    {
      reason: 'a list of the core group',
      url: '/api/v1/namespaces/default/secrets',
      want: { group: '', resource: 'secrets', namespace: 'default', name: '', subresource: '' },
    },
    {
      reason: 'a namespace itself',
      url: '/api/v1/namespaces/default',
      want: { group: '', resource: 'namespaces', namespace: '', name: 'default', subresource: '' },
    },
    {
      reason: 'no resource at all',
      url: '/readyz',
      want: { group: '', resource: '', namespace: '', name: '', subresource: '' },
    },
  ])('$reason', ({ url, want }) => {
    expect(apiPath(url)).toEqual(want);
  });
});

describe('isWrite', () => {
  it.each([
    { reason: 'a read', method: 'GET', url: '/api/v1/pods', write: false, steady: false },
    { reason: 'a create', method: 'POST', url: '/api/v1/pods', write: true, steady: true },
    {
      reason: 'a dry run',
      method: 'PATCH',
      url: '/api/v1/namespaces/a/pods/p?fieldManager=x&dryRun=All',
      write: false,
      steady: false,
    },
    {
      reason: 'a review',
      method: 'POST',
      url: '/apis/authorization.k8s.io/v1/selfsubjectaccessreviews',
      write: false,
      steady: false,
    },
    {
      reason: 'a renewal of a Lease',
      method: 'PUT',
      url: '/apis/coordination.k8s.io/v1/namespaces/a/leases/l',
      write: true,
      steady: false,
    },
    {
      reason: 'an Event',
      method: 'POST',
      url: '/apis/events.k8s.io/v1/namespaces/a/events',
      write: true,
      steady: false,
    },
  ])('$reason', ({ method, url, write, steady }) => {
    expect([isWrite(method, url), isSteadyWrite(method, url)]).toEqual([write, steady]);
  });
});
