import { describeConformance } from './conformance.ts';

describeConformance('aliyun-fc');
