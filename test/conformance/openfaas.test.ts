import { describeConformance } from './conformance.ts';

describeConformance('openfaas');
