import type { ServiceModel } from './serviceModel.ts';

/**
 * One member of a form as its shape says: lists as `Name.member.1`, maps as `Name.entry.1.key` and `.value`, structures as
 * `Name.Part`. What was read is taken out of the form.
 */
export function readFormMember(
  model: ServiceModel,
  shapeName: string,
  place: string,
  form: Map<string, string>,
): unknown {
  const shape = model.shapes[shapeName]!;
  switch (shape.type) {
    case 'structure': {
      const parts = Object.entries(shape.members ?? {}).map(([name, member]) => [
        name,
        readFormMember(model, member.shape, `${place}.${name}`, form),
      ]);
      const given = parts.filter(([, value]) => value !== undefined);
      return given.length > 0 ? Object.fromEntries(given) : undefined;
    }
    case 'list': {
      const items: unknown[] = [];
      for (;;) {
        const item = readFormMember(model, shape.member!.shape, `${place}.member.${items.length + 1}`, form);
        if (item === undefined) return items.length > 0 ? items : undefined;
        items.push(item);
      }
    }
    case 'map': {
      const entries: [string, unknown][] = [];
      for (;;) {
        const at = `${place}.entry.${entries.length + 1}`;
        const key = form.get(`${at}.key`);
        if (key === undefined) return entries.length > 0 ? Object.fromEntries(entries) : undefined;
        form.delete(`${at}.key`);
        entries.push([key, readFormMember(model, shape.value!.shape, `${at}.value`, form)]);
      }
    }
    default: {
      const value = form.get(place);
      form.delete(place);
      return value;
    }
  }
}
