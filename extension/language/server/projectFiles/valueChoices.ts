import { CompletionItemKind } from 'vscode-languageserver/node';
import { dirname, resolve } from 'node:path';
import { platformDefaults } from '../../../../runtime/model/platformDefaults.ts';
import { entriesOf, getIn, type Tree } from '../../../../runtime/model/projectFiles/tree.ts';
import { isSupported, runtimesOf } from '../../../../runtime/model/runtimes.ts';
import type { FileLookup } from '../../../../runtime/support/fileLookup.ts';
import type { PlatformId } from '../../../../runtime/model/words.ts';
import type { HandlerExports } from '../handlerExports.ts';
import type { Cursor, Path } from './cursor.ts';
import { describeRuntime } from './describe.ts';
import { handlerChoices } from './handlerChoices.ts';
import type { FunctionAt } from './places.ts';
import { codeRootOf, type ProjectDocument } from './projectDocument.ts';
import { type KnownValue, type Shape, textOfShape } from './shape.ts';
import { l10n } from '../../../../runtime/support/l10n.ts';

/** What is known around a file. */
export interface Around {
  files: FileLookup;
  exports: HandlerExports;
  /** `2026-11-26` */
  today: string;
  /** Names that fit at a path: functions of other files, variables of `.env` files and of code. */
  names(project: ProjectDocument, path: Path, shape: Shape, platform: PlatformId | undefined): string[];
  /** Command of the client's that proposes what follows. */
  suggest: string | undefined;
}

/** A value that may be written. */
export interface Choice extends KnownValue {
  kind?: CompletionItemKind;
  detail?: string;
  /** Out of support. */
  ended?: true;
}

interface ValuePlace {
  project: ProjectDocument;
  cursor: Cursor;
  platform: PlatformId | undefined;
  fn: FunctionAt | undefined;
  around: Around;
}

/** Time that looking at code that was not read yet may take, in milliseconds. */
const lookMs = 30;

/** Values that fit a shape at a place; not `complete` when looking further takes longer than somebody who types waits. */
export function choicesFor(shape: Shape, place: ValuePlace): { choices: Choice[]; complete: boolean } {
  const { platform, around, project, cursor } = place;
  if (cursor.tag !== undefined) return done(referenced(cursor.tag, project));
  if (shape.topic === 'handler' && place.fn) {
    const root = codeRootOf(project, place.fn);
    const { handlers, complete } = handlerChoices(
      root,
      place.fn.runtime,
      around.files,
      around.exports,
      lookMs,
    );
    return { choices: handlers.map((value) => ({ value, kind: CompletionItemKind.Function })), complete };
  }
  const known: Choice[] =
    shape.values?.map(({ value, about }) => ({ value, ...(about && { about: textOfShape(about) }) })) ?? [];
  switch (shape.topic) {
    case 'runtime':
      return done(known.length > 0 ? known : runtimeChoices(platform, around.today));
    case 'memory':
      return done(memoryChoices(platform, project));
    case 'path':
      return done(folders(project, cursor.typed, around.files));
    case 'schedule':
      return done(scheduleExamples(platform));
    default:
      return done(known);
  }
}

function done(choices: Choice[]): { choices: Choice[]; complete: boolean } {
  return { choices, complete: true };
}

function runtimeChoices(platform: PlatformId | undefined, today: string): Choice[] {
  if (platform === undefined) return [];
  return runtimesOf(platform).map((runtime) => {
    const about = describeRuntime(runtime.id, platform, today);
    return {
      value: runtime.id,
      ...(about !== undefined && { about }),
      ...(!isSupported(runtime, today) && { ended: true as const }),
    };
  });
}

/** Sizes that people take, as far as the platform does. */
function memoryChoices(platform: PlatformId | undefined, { file }: ProjectDocument): Choice[] {
  if (platform === undefined) return [];
  const { min, max, step } = platformDefaults(platform).memoryBounds;
  const sizes = [128, 256, 512, 1024, 1769, 2048, 3072, 4096, 8192].filter(
    (mb) => mb >= min && mb <= max && mb % step === 0,
  );
  const unit = file.id === 'porchlight' ? 'MB' : file.id === 'func' || file.id === 'openfaas' ? 'Mi' : '';
  return sizes.map((mb) => ({ value: `${mb}${unit}`, kind: CompletionItemKind.Value }));
}

function scheduleExamples(platform: PlatformId | undefined): Choice[] {
  if (platform === 'aliyun-fc')
    return [
      { value: '@every 5m', about: l10n.t('Every five minutes.') },
      { value: '0 0 4 * * *', about: l10n.t('Every day at 4:00 UTC.') },
      {
        value: 'CRON_TZ=Asia/Shanghai 0 0 9 * * MON-FRI',
        about: l10n.t('On working days at 9:00 in Shanghai.'),
      },
    ];
  return platform === 'aws-lambda'
    ? [
        { value: 'rate(5 minutes)', about: l10n.t('Every five minutes.') },
        { value: 'cron(0 4 * * ? *)', about: l10n.t('Every day at 4:00 UTC.') },
        { value: 'cron(0 9 ? * MON-FRI *)', about: l10n.t('On working days at 9:00 UTC.') },
      ]
    : [];
}

/** Folders below the file's own that go on with what was typed. */
function folders({ path }: ProjectDocument, typed: string, files: FileLookup): Choice[] {
  const base = typed.slice(0, typed.lastIndexOf('/') + 1);
  const names = files
    .list(resolve(dirname(path), base))
    .filter((name) => name.endsWith('/') && !/^(\.|node_modules\/)/.test(name));
  return names.map((name) => ({ value: `${base || './'}${name}`, kind: CompletionItemKind.Folder }));
}

/** What `!Ref` and `!GetAtt` may name in a template. */
function referenced(tag: string, { view, file }: ProjectDocument): Choice[] {
  if (!file.intrinsics) return [];
  const names = (list: string): Choice[] => named(getIn(view.root, list), list.slice(0, -1).toLowerCase());
  const resources = names('Resources');
  if (tag === '!GetAtt') return resources.map((each) => ({ ...each, value: `${each.value}.Arn` }));
  if (tag === '!Condition') return names('Conditions');
  if (tag !== '!Ref') return [];
  const pseudo = ['AccountId', 'Partition', 'Region', 'StackId', 'StackName', 'URLSuffix', 'NoValue'].map(
    (name) => ({ value: `AWS::${name}` }),
  );
  return [...resources, ...names('Parameters'), ...pseudo];
}

function named(tree: Tree | undefined, detail: string): Choice[] {
  return entriesOf(tree).map(([value]) => ({ value, detail, kind: CompletionItemKind.Reference }));
}
