/** A function as an API caller names it. */
export interface NamedFunction {
  name: string;
  qualifier?: string;
}

/**
 * Every form the Invoke API takes (API reference "Invoke", FunctionName): name, `name:qualifier`, ARN, and partial ARN
 * (`123456789012:function:name`). Region and account are whatever they are: there is one function of a name here.
 */
const form = new RegExp(
  '^(?:arn:aws[a-z-]*:lambda:)?(?:[a-z]{2}(?:-[a-z]+)+-\\d:)?(?:\\d{12}:)?(?:function:)?' +
    '(?<name>[a-zA-Z0-9_.-]{1,140})(?::(?<qualifier>\\$LATEST|[a-zA-Z0-9_-]{1,128}))?$',
);

/** Reads a name; undefined when it has none of the forms. */
export function readFunctionName(text: string): NamedFunction | undefined {
  const { name, qualifier } = form.exec(text)?.groups ?? {};
  if (name === undefined) return undefined;
  return qualifier === undefined ? { name } : { name, qualifier };
}

/** Whether the query's `Qualifier` has a form Lambda takes. */
export function isQualifier(text: string): boolean {
  return /^(\$LATEST|[a-zA-Z0-9_-]{1,128})$/.test(text);
}
