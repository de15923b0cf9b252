import { cpuObjection } from '../../../../runtime/model/functionComputeCpu.ts';
import { nameRule } from '../../../../runtime/model/functionNames.ts';
import { nearest } from '../../../../runtime/model/nearest.ts';
import { platformDefaults } from '../../../../runtime/model/platformDefaults.ts';
import {
  entriesOf,
  getIn,
  textOf,
  type MapTree,
  type Tree,
} from '../../../../runtime/model/projectFiles/tree.ts';
import { findRuntime, isSupported, runtimesOf, successorOf } from '../../../../runtime/model/runtimes.ts';
import type { Path } from './cursor.ts';
import type { Finding } from './findings.ts';
import type { FunctionAt } from './places.ts';
import { scheduleAt } from './schedules.ts';
import type { FileShape, Shape } from './shape.ts';
import { phrase } from '../../../../runtime/support/l10n.ts';

/** Where a value stands that is looked at. */
export interface TopicPlace {
  file: FileShape;
  root: MapTree;
  path: Path;
  fn: FunctionAt | undefined;
  /** `2026-11-26` */
  today: string;
}

/** What is wrong with a value by what it is about. What readers of the file check (memory, time-outs) is left to them. */
export function checkTopic(shape: Shape, at: Tree, place: TopicPlace): Finding[] {
  const text = textOf(at);
  switch (shape.topic) {
    case 'runtime':
      return text === undefined || shape.values ? [] : checkRuntime(text, at, place);
    case 'schedule':
      return text === undefined ? [] : checkSchedule(text, at, place);
    case 'functionName':
      return text === undefined ? [] : checkName(text, at, place);
    case 'cpu':
      return checkCpu(at, place);
    case 'environment':
      return checkVariables(at, place);
    case 'functions':
      return [];
    default:
      return [];
  }
}

function checkRuntime(id: string, at: Tree, { file, root, path, today }: TopicPlace): Finding[] {
  const platform = file.platform(root, path);
  if (platform === undefined || runtimesOf(platform).length === 0) return [];
  const runtime = findRuntime(platform, id);
  const { range } = at;
  if (runtime === undefined) {
    const like = nearest(
      id,
      runtimesOf(platform)
        .filter((each) => isSupported(each, today))
        .map((each) => each.id),
    );
    if (like === undefined) return [];
    // A version that is newer than this list is no slip.
    if (/\d/.test(id) && id.replace(/[\d.x]+$/, '') === like.replace(/[\d.x]+$/, '') && !isSpelling(id, like))
      return [];
    const detail = phrase('"{value}" is not known; did you mean "{nearest}"?', { value: id, nearest: like });
    return [
      {
        range,
        severity: 'warning',
        code: 'SETTING_INVALID',
        facts: { path: 'runtime', detail },
        replacement: like,
      },
    ];
  }
  if (isSupported(runtime, today)) return [];
  const successor = successorOf(platform, id, today)?.id;
  const facts = { runtime: id, platform, date: runtime.endsAt, successor };
  return [
    {
      range,
      severity: 'warning',
      code: 'RUNTIME_ENDED',
      facts,
      ...(successor !== undefined && { replacement: successor }),
    },
  ];
}

/** `nodejs20` for `nodejs20.x`, `python312` for `python3.12`: the same digits, spelled otherwise. */
function isSpelling(id: string, like: string): boolean {
  return id.replace(/[^a-z\d]|x$/g, '') === like.replace(/[^a-z\d]|x$/g, '');
}

function checkSchedule(text: string, at: Tree, { file, root, path }: TopicPlace): Finding[] {
  const read = scheduleAt(text, file.platform(root, path), root, path);
  if (!read || 'schedule' in read) return [];
  const facts = { path: String(path.findLast((step) => typeof step === 'string')), detail: read.wrong };
  return [{ range: at.range, severity: 'error', code: 'SETTING_INVALID', facts }];
}

function checkName(name: string, at: Tree, { file, root, path }: TopicPlace): Finding[] {
  const platform = file.platform(root, path);
  const rule = platform === undefined ? undefined : nameRule(platform);
  // Partial and whole ARNs name functions, too, where the cloud is asked for one; here one is made.
  if (!rule || rule.pattern.test(name)) return [];
  const detail = phrase('{platform} takes {rule}.', { platform, rule: rule.text });
  return [
    {
      range: at.range,
      severity: 'error',
      code: 'SETTING_INVALID',
      facts: { path: String(path.at(-1)), detail },
    },
  ];
}

function checkCpu(at: Tree, { fn }: TopicPlace): Finding[] {
  const cpu = Number(textOf(at));
  const stated = textOf(getIn(fn?.settings, 'memorySize'));
  const memoryMB = stated === undefined ? platformDefaults('aliyun-fc').memoryMB : Number(stated);
  if (!Number.isFinite(cpu) || !Number.isFinite(memoryMB)) return [];
  const objection = cpuObjection(cpu, memoryMB);
  return objection === undefined
    ? []
    : [
        {
          range: at.range,
          severity: 'warning',
          code: 'SETTING_INVALID',
          facts: { path: 'cpu', detail: phrase('{objection}.', { objection }) },
        },
      ];
}

/** Names of variables; what is reserved is told when the function starts. */
function checkVariables(at: Tree, { file }: TopicPlace): Finding[] {
  if (file.id === 'porchlight') return [];
  return entriesOf(at).flatMap(([name, , key]): Finding[] => {
    if (/^[A-Za-z_][A-Za-z0-9_]*$/.test(name) || name.includes('${') || /^(Fn::|Ref$|<<$)/.test(name))
      return [];
    const facts = { path: name, detail: phrase('expected a name of letters, digits and _.') };
    return [{ range: key, severity: 'warning', code: 'SETTING_INVALID', facts }];
  });
}
