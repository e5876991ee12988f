import { onOneSmallNode } from './acts/one-node.ts';
import { aSubject } from './subject.ts';

onOneSmallNode(aSubject('one-node', { controlPlanes: 1, workers: 0 }));
