import type { ErrorCode, Facts } from '../../../../runtime/model/errors.ts';
import { nearest } from '../../../../runtime/model/nearest.ts';
import type { TextRange } from '../../../../runtime/model/projectFiles/projectFile.ts';
import {
  entriesOf,
  textOf,
  type MapTree,
  type ScalarTree,
  type Tree,
} from '../../../../runtime/model/projectFiles/tree.ts';
import type { Path } from './cursor.ts';
import { isDynamic } from './dynamic.ts';
import { functionAt } from './places.ts';
import { below, settle, type FileShape, type KnownValue, type Shape } from './shape.ts';
import { checkTopic } from './topicChecks.ts';
import { type Phrase, phrase } from '../../../../runtime/support/l10n.ts';

/** Something that cannot be right, at a place. */
export interface Finding {
  range: TextRange;
  severity: 'error' | 'warning' | 'info';
  code: ErrorCode;
  facts: Facts;
  /** The text that would be right there. */
  replacement?: string;
}

/** Bound of what is told of one file. */
const mostFindings = 200;

/** What stands in a file and cannot be right, as far as its shape tells. `today`: `2026-11-26`. */
export function findingsOf(file: FileShape, root: MapTree, today: string): Finding[] {
  const findings: Finding[] = [];
  const visit = (given: Shape, at: Tree, path: Path): void => {
    if (findings.length >= mostFindings || isDynamic(at, file)) return;
    const shape = settle(given, at);
    if (at.kind === 'scalar') findings.push(...checkScalar(shape, at, path));
    if (shape.topic) {
      const about = { file, root, path, fn: functionAt(file, root, path), today };
      findings.push(...checkTopic(shape, at, about));
    }
    if (at.kind === 'list' && shape.most !== undefined && at.items.length > shape.most) {
      const detail = phrase('at most {most} are taken.', { most: shape.most });
      const facts = { path: String(path.at(-1)), detail };
      findings.push({ range: at.range, severity: 'warning', code: 'SETTING_INVALID', facts });
    }
    if (at.kind === 'list' && shape.items)
      for (const [i, item] of at.items.entries()) visit(shape.items, item, [...path, i]);
    for (const [name, value, key] of entriesOf(at)) {
      const inner = below(shape, name);
      if (inner) visit(inner, value, [...path, name]);
      else if (shape.keys) findings.push(...unknownKey(shape, name, key, file));
    }
  };
  visit(file.shape(root), root, []);
  return findings.slice(0, mostFindings);
}

/** A slip of a known key is a warning; a key of which nobody here has heard may be one of tomorrow. */
function unknownKey(shape: Shape, name: string, range: TextRange, file: FileShape): Finding[] {
  if (name === '<<' || name.startsWith('x-') || (file.intrinsics && name.startsWith('Fn::'))) return [];
  if (file.variables && name.includes('${')) return [];
  const like = nearest(name, Object.keys(shape.keys!));
  if (like === undefined && shape.open) return [];
  const facts = { key: name, nearest: like };
  const severity = like === undefined ? 'info' : 'warning';
  return [
    { range, severity, code: 'SETTING_UNKNOWN', facts, ...(like !== undefined && { replacement: like }) },
  ];
}

function checkScalar(shape: Shape, at: ScalarTree, path: Path): Finding[] {
  const text = textOf(at);
  if (text === undefined) return [];
  const label =
    path.at(-1) === undefined
      ? 'file'
      : path
          .filter((step) => typeof step === 'string')
          .slice(-2)
          .join('.');
  if (shape.values) return checkValue(shape, shape.values, at, text, label);
  if (shape.form && !shape.form.pattern.test(text)) {
    const facts = { path: label, detail: phrase('expected {form}.', { form: { phrase: shape.form.text } }) };
    return [{ range: at.range, severity: 'error', code: 'SETTING_INVALID', facts }];
  }
  const bounds = shape.bounds;
  if (!bounds || !/^[+-]?\d+(\.\d+)?$/.test(text)) return [];
  const number = Number(text);
  const { min, max, step, unit = '' } = bounds;
  const steps = step === undefined || Math.abs(number / step - Math.round(number / step)) < 1e-9;
  if (number >= min && number <= max && steps) return [];
  const values = { value: text, min, max: unit ? `${max} ${unit}` : max, step };
  const detail =
    step === undefined
      ? phrase('{value} is outside of what is accepted: {min} to {max}.', values)
      : phrase('{value} is outside of what is accepted: {min} to {max}, in steps of {step}.', values);
  return [{ range: at.range, severity: 'warning', code: 'SETTING_INVALID', facts: { path: label, detail } }];
}

/** A value that is not among those known. Where there may be others, only a slip of one of them is told. */
function checkValue(
  shape: Shape,
  values: readonly KnownValue[],
  at: ScalarTree,
  text: string,
  label: string,
): Finding[] {
  const known = values.map(({ value }) => value.replace(/^'(.*)'$/, '$1'));
  if (known.includes(text) || shape.keys || shape.items || shape.names) return [];
  // YAML has other words for them.
  if (known.includes('true') && typeof at.value === 'boolean') return [];
  if (known.some((each) => each.toLowerCase() === text.toLowerCase()) && shape.more) return [];
  const like = /^\d/.test(text) ? undefined : nearest(text, known);
  if (like === undefined && shape.more) return [];
  // Versions that are newer or older than those known are no slips.
  if (shape.more && (text.length < 6 || isOtherVersion(text, like!))) return [];
  const names =
    known.length <= 12
      ? phrase('expected {known}.', { known: list(known) })
      : phrase('this value is not known.');
  const detail =
    like === undefined
      ? names
      : phrase('"{value}" is not known; did you mean "{nearest}"?', { value: text, nearest: like });
  const facts = { path: label, detail };
  return [
    {
      range: at.range,
      severity: 'warning',
      code: 'SETTING_INVALID',
      facts,
      ...(like !== undefined && { replacement: like }),
    },
  ];
}

function isOtherVersion(text: string, like: string): boolean {
  return text.replace(/[\d.]+/g, '') === like.replace(/[\d.]+/g, '');
}

function list(words: readonly string[]): string | Phrase {
  if (words.length < 2) return words.join('');
  return phrase('{names} or {last}', { names: words.slice(0, -1).join(', '), last: words.at(-1) });
}
