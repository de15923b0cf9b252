import type { FileShape } from '../shape.ts';
import { funcShape } from './func.ts';
import { porchlightShape } from './porchlight.ts';
import { samShape } from './sam.ts';
import { serverlessShape } from './serverless.ts';
import { serverlessDevsShape } from './serverlessDevs.ts';
import { stackShape } from './stack.ts';

/** What each kind of project file is made of; one for every reader. */
const shapes: readonly FileShape[] = [
  porchlightShape,
  serverlessDevsShape,
  samShape,
  serverlessShape,
  funcShape,
  stackShape,
];

/** The shape of files that a reader takes. */
export function shapeOf(readerId: string): FileShape | undefined {
  return shapes.find(({ id }) => id === readerId);
}
