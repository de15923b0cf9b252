import type { PlatformId } from '../../../../runtime/model/words.ts';
import { textOf, type Tree } from '../../../../runtime/model/projectFiles/tree.ts';
import { translated } from '../../../../runtime/support/l10n.ts';

/** What a value is about, where more is to be said of it than its form. */
export type Topic =
  | 'handler'
  | 'runtime'
  | 'memory'
  | 'timeout'
  | 'cpu'
  | 'schedule'
  | 'functionName'
  | 'path'
  | 'environment'
  | 'functions';

/** A value that a setting takes. */
export interface KnownValue {
  value: string;
  about?: string;
}

/**
 * What may stand at a place of a project file. Completion, hover and the check for unknown keys come from it alone. What is
 * not said is not checked: an empty shape takes everything.
 */
export interface Shape {
  /** For people: a sentence or two. */
  about?: string;
  /** What it is when the file says nothing. */
  usual?: string;
  topic?: Topic;
  /** Settings by key. */
  keys?: Readonly<Record<string, Shape>>;
  /** Shape of settings under names of the user's own. */
  names?: Shape;
  /** Shape of the items of a list. */
  items?: Shape;
  /** Values it takes. */
  values?: readonly KnownValue[];
  /** There are more values than those. */
  more?: true;
  /** There are more keys than those: a slip of a known one is told, another one is not. */
  open?: true;
  /** Bounds of a number, and the step it goes in. */
  bounds?: { min: number; max: number; step?: number; unit?: string };
  /** Form of a text, and the same for people, without a full stop. */
  form?: { pattern: RegExp; text: string };
  /** Most items of a list. */
  most?: number;
  /** The shape of this very value, when the settings in it decide. */
  choose?: (at: Tree) => Shape;
  /** What is written behind the key, as a snippet; by the form of the shape when absent. */
  snippet?: string;
}

/** A text of a shape in the reader's language: `about` and the text of a form are the texts that are translated. */
export function textOfShape(text: string): string {
  return translated({ phrase: text });
}

/** A map with these keys. */
export function map(about: string, keys: Shape['keys'], more: Shape = {}): Shape {
  return { about, ...(keys && { keys }), ...more };
}

/** A value of a few, written as one word each, or as `[value, about]`. */
export function oneOf(
  about: string,
  values: readonly (string | [string, string])[],
  more: Shape = {},
): Shape {
  const known = values.map((each) =>
    typeof each === 'string' ? { value: each } : { value: each[0], about: each[1] },
  );
  return { about, values: known, ...more };
}

/** A number within bounds. */
export function number(
  about: string,
  min: number,
  max: number,
  more: Shape & { step?: number; unit?: string } = {},
): Shape {
  const { step, unit, ...others } = more;
  return {
    about,
    bounds: { min, max, ...(step !== undefined && { step }), ...(unit !== undefined && { unit }) },
    ...others,
  };
}

/** Any other value. */
export function value(about: string, more: Shape = {}): Shape {
  return { about, ...more };
}

/** True or false. */
export function yesNo(about: string, more: Shape = {}): Shape {
  return oneOf(about, ['true', 'false'], more);
}

/** A list. */
export function list(about: string, items: Shape = {}, more: Shape = {}): Shape {
  return { about, items, ...more };
}

/** Settings under names of the user's own. */
export function named(about: string, names: Shape = {}, more: Shape = {}): Shape {
  return { about, names, ...more };
}

/** Keys of which nothing more is known than their names. */
export function plain(names: readonly string[]): Record<string, Shape> {
  return Object.fromEntries(names.map((name) => [name, {}]));
}

/** The shape of a value, with what its own settings decide. */
export function settle(shape: Shape, at: Tree | undefined): Shape {
  return shape.choose && at ? { ...shape, ...shape.choose(at) } : shape;
}

/** The shape below another one, for a key or the index of an item. */
export function below(shape: Shape, step: string | number): Shape | undefined {
  if (typeof step === 'number') return shape.items;
  return shape.keys && Object.hasOwn(shape.keys, step) ? shape.keys[step] : shape.names;
}

/** Chooses a shape by the text of one of the settings beside it. */
export function byText(
  key: string,
  shapes: Readonly<Record<string, Shape>>,
  otherwise: Shape,
): NonNullable<Shape['choose']> {
  return (at) => {
    const entry = at.kind === 'map' ? at.entries.get(key)?.value : undefined;
    const text = textOf(entry) ?? '';
    return Object.hasOwn(shapes, text) ? shapes[text]! : otherwise;
  };
}

/** What a kind of project file is made of. */
export interface FileShape {
  /** Id of its reader. */
  id: string;
  shape: (root: Tree | undefined) => Shape;
  /** Platform of the function that a path leads into. */
  platform: (root: Tree | undefined, path: readonly (string | number)[]) => PlatformId | undefined;
  /** Where its functions stand: paths of patterns (`*`: any name), and the keys of their settings there. */
  functions: readonly FunctionPlace[];
  /** Whether `${…}` stands for what only its tools know. */
  variables: boolean;
  /** Whether the intrinsic functions of CloudFormation may stand for any value. */
  intrinsics: boolean;
}

/** Where functions stand in a file, and what their settings are called there, as paths below. */
export interface FunctionPlace {
  /** Pattern of the path to the entry whose key is the function's. */
  entry: readonly string[];
  settings: readonly string[];
  handler?: string;
  code?: readonly (readonly string[])[];
  runtime?: string;
  environment?: readonly string[];
  /** Where variables are items with `name` and `value`. */
  environmentItems?: readonly (readonly string[])[];
  name?: string;
  /** Where settings stand that hold for all functions of the file. */
  shared?: readonly string[];
}
