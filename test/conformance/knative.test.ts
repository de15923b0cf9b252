import { describeConformance } from './conformance.ts';

describeConformance('knative');
