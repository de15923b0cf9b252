import type { Tree } from '../../../../runtime/model/projectFiles/tree.ts';
import type { FileShape } from './shape.ts';

/** Whether a value is made by the file's tools (`!Ref`, `Fn::If`, `${self:…}`), so that nothing can be said of it here. */
export function isDynamic(tree: Tree, { variables, intrinsics }: FileShape): boolean {
  if (tree.tag !== undefined || tree.kind === 'unresolved') return true;
  if (tree.kind === 'scalar')
    return (variables && tree.source.includes('${')) || /\{\{.*\}\}/.test(tree.source);
  if (tree.kind !== 'map' || !intrinsics) return false;
  return [...tree.entries.keys()].some((name) => name === 'Ref' || /^Fn::/.test(name));
}
