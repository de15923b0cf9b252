import type { ServiceModel } from './serviceModel.ts';

interface Element {
  name: string;
  text: string;
  children: Element[];
}

/** A body in XML as its shape says; elements that the shape does not know are members of their own name. */
export function readXml(model: ServiceModel, shapeName: string, xml: string): unknown {
  return valueOf(model, shapeName, parse(xml));
}

function valueOf(model: ServiceModel, shapeName: string, element: Element): unknown {
  const shape = model.shapes[shapeName]!;
  if (shape.type === 'list')
    return element.children.map((child) => valueOf(model, shape.member!.shape, child));
  if (shape.type !== 'structure') return element.text;
  const value: Record<string, unknown> = {};
  for (const child of element.children) {
    const [name, member] = Object.entries(shape.members ?? {}).find(
      ([key, { locationName = key }]) => locationName === child.name,
    ) ?? [child.name];
    const of = member && model.shapes[member.shape]!;
    if (!of) value[name] = child.text;
    else if (of.type === 'list' && of.flattened)
      value[name] = [
        ...((value[name] as unknown[] | undefined) ?? []),
        valueOf(model, of.member!.shape, child),
      ];
    else value[name] = valueOf(model, member.shape, child);
  }
  return value;
}

/** The root of a text without comments and character data sections. */
function parse(xml: string): Element {
  const root: Element = { name: '', text: '', children: [] };
  const open = [root];
  for (const [, closing, name, selfClosing, text] of xml.matchAll(
    /<(\/)?([\w:.-]+)(?:\s[^<>]*?)?(\/)?>|<\?[^>]*\?>|([^<]+)/g,
  )) {
    if (text !== undefined) open.at(-1)!.text += decoded(text);
    else if (closing !== undefined) open.pop();
    else if (name !== undefined) {
      const element: Element = { name, text: '', children: [] };
      open.at(-1)!.children.push(element);
      if (selfClosing === undefined) open.push(element);
    }
  }
  return root.children[0]!;
}

const entities: Record<string, string> = { lt: '<', gt: '>', quot: '"', apos: "'", amp: '&' };

function decoded(text: string): string {
  return text.replace(
    /&(?:#x([0-9a-f]+)|#(\d+)|(\w+));/gi,
    (whole, hex: string, number: string, name: string) =>
      name === undefined
        ? String.fromCodePoint(hex === undefined ? Number(number) : Number.parseInt(hex, 16))
        : (entities[name] ?? whole),
  );
}
