import { l10n } from '../../editor/l10n.ts';
import { formatTime } from '../../presentation/numbers.ts';
import type { Bound, Reason, Remedy } from './diagnosis.ts';

/** A reason in words: a few for the end of the line, whole sentences for whoever asks. */
export interface ReasonText {
  short: string;
  text: string;
}

const baseName = (path: string): string => path.split(/[\\/]/).at(-1) ?? path;
const listed = (names: readonly string[]): string =>
  names.length > 3 ? `${names.slice(0, 3).join(', ')} …` : names.join(', ');

function boundText(bound: Bound): string {
  const { instances, functions, line, hits, lastHitAt } = bound;
  const where =
    instances.length === 1
      ? l10n.t('Set in {0}.', instances[0]!)
      : l10n.t('Set in {0} instances of {1}.', instances.length, listed(functions));
  const moved =
    line === undefined ? '' : ` ${l10n.t('The line has no code, so the debugger put it on line {0}.', line)}`;
  const times = Math.max(hits, bound.stops);
  if (times === 0) return `${where}${moved}`;
  const last = lastHitAt === undefined ? '' : ` ${l10n.t('Last at {0}.', formatTime(lastHitAt))}`;
  const hit = times === 1 ? l10n.t('Hit once.') : l10n.t('Hit {0} times.', times);
  return `${where}${moved} ${hit}${last}`;
}

/** What a reason is called. Variable parts come from the user's own files. */
export function reasonText(reason: Reason): ReasonText {
  switch (reason.kind) {
    case 'disabled':
      return both(l10n.t('This breakpoint is disabled.'));
    case 'deactivated':
      return {
        short: l10n.t('all breakpoints are off'),
        text: l10n.t(
          'All breakpoints are deactivated in the Breakpoints view, so none is sent to the debugger.',
        ),
      };
    case 'badCondition':
      return {
        short: l10n.t('its condition is no expression'),
        text: l10n.t(
          'The condition {0} is no expression, so the breakpoint cannot be set: {1}',
          reason.condition,
          reason.detail,
        ),
      };
    case 'bound': {
      const hit = reason.bound.hits > 0 || reason.bound.stops > 0;
      const never = hit ? '' : ` ${l10n.t('No call has come to this line since.')}`;
      const unsaved = reason.unsaved
        ? ` ${l10n.t('The file has unsaved changes: what runs are the lines as they were saved.')}`
        : '';
      return both(`${boundText(reason.bound)}${never}${unsaved}`);
    }
    case 'logpoint':
      return both(`${boundText(reason.bound)} ${l10n.t('It is a logpoint: it prints, and never stops.')}`);
    case 'conditionNeverTrue':
      return both(
        `${boundText(reason.bound)} ${l10n.t('It has not stopped, because its condition {0} was never true when a call came by, or no call did.', reason.condition)}`,
      );
    case 'conditionThrew':
      return both(
        `${boundText(reason.bound)} ${l10n.t('It has not stopped, because its condition {0} threw: {1}', reason.condition, reason.detail)}`,
      );
    case 'hitCountNotReached':
      return both(
        `${boundText(reason.bound)} ${l10n.t('It has not stopped, because its hit count {0} has not been reached. Each instance counts on its own.', reason.hitCondition)}`,
      );
    case 'notCode':
      return both(l10n.t('This file is in a language that functions cannot be debugged in here.'));
    case 'noFunctions':
      return both(l10n.t('No folder with functions holds this file.'));
    case 'fileMissing':
      return both(l10n.t('This file is not on the disk, so no function can load it.'));
    case 'noDebugger':
      return {
        short: l10n.t('no debugger for this language here'),
        text: l10n.t(
          '{0} is written in a language ({1}) that Porchlight runs but cannot debug.',
          reason.function,
          reason.language,
        ),
      };
    case 'generated':
      return {
        short: l10n.t('a generated file: set it in the source'),
        text: reason.source
          ? l10n.t(
              'This file is generated, and functions run from its source. Set the breakpoint in {0}, line {1}.',
              baseName(reason.source.file),
              reason.source.line,
            )
          : l10n.t(
              'This file is generated, and functions run from its source. This line of it comes from no line of yours.',
            ),
      };
    case 'declaration':
      return both(l10n.t('This file only declares types: nothing of it ever runs.'));
    case 'excludedFolder':
      return both(
        l10n.t('The folder {0} is part of no function: nothing in it is packaged or loaded.', reason.folder),
      );
    case 'package':
      return both(
        l10n.t(
          'No instance that is debugged has loaded this file of a package yet. The breakpoint is set as soon as one does.',
        ),
      );
    case 'testFile':
      return both(
        l10n.t('This is a test file: no function loads it. It is hit when its tests are debugged.'),
      );
    case 'mapMissing': {
      const name = baseName(reason.fault.generated);
      const remedy = l10n.t(
        'Turn on source maps in the build ("sourceMap": true in tsconfig.json, sourcemap in esbuild, devtool in webpack), and build again.',
      );
      const texts = {
        missing: l10n.t(
          '{0} runs {1}, which has no source map, so nobody knows which of its lines come from here.',
          reason.fault.function,
          name,
        ),
        unreadable: l10n.t(
          '{0} runs {1}, whose source map is not there or cannot be read.',
          reason.fault.function,
          name,
        ),
        without: l10n.t(
          '{0} runs {1}, whose source map names other sources than this file.',
          reason.fault.function,
          name,
        ),
      };
      return {
        short:
          reason.fault.map === 'without'
            ? l10n.t('the source map leads elsewhere')
            : l10n.t('the source map is missing'),
        text: `${texts[reason.fault.map]} ${remedy}`,
      };
    }
    case 'notImported':
      return {
        short: l10n.t('no function imports this file'),
        text: reason.several
          ? l10n.t(
              'This file lies in the folder of {0} and other functions, but none of the modules they load imports it.',
              reason.nearest.function,
            )
          : l10n.t(
              'This file lies in the folder of {0}, but none of the modules it loads imports it.',
              reason.nearest.function,
            ),
      };
    case 'notPart':
      return {
        short: l10n.t('this file is part of no function'),
        text: reason.nearest
          ? l10n.t(
              'This file is part of no function: it is in no code folder, and nothing that a function loads imports it. The nearest function is {0}.',
              reason.nearest.function,
            )
          : l10n.t('This file is part of no function: there are none in its folder.'),
      };
    case 'unsaved':
      return {
        short: l10n.t('the file has unsaved changes'),
        text: l10n.t(
          'The file has unsaved changes, so the code that runs is older than what you see. The breakpoint is set when it is saved.',
        ),
      };
    case 'buildFailed':
      return {
        short: l10n.t('the code does not build'),
        text: reason.serving
          ? l10n.t(
              'The code of {0} does not build, and the last good code runs in its place: {1}',
              reason.function,
              reason.message,
            )
          : l10n.t(
              'The code of {0} does not build, so nothing of it runs: {1}',
              reason.function,
              reason.message,
            ),
      };
    case 'noCode':
      return {
        short: l10n.t('no code on this line'),
        text:
          reason.nearest === undefined
            ? l10n.t('There is no code in this file to stop at: only comments and declarations.')
            : l10n.t(
                'There is no code on this line to stop at: it is blank, a comment or a declaration. The nearest line with code is {0}.',
                reason.nearest,
              ),
      };
    case 'removed':
      return {
        short: l10n.t('not in the code that runs'),
        text: l10n.t(
          'The code that {0} runs has nothing of this line: the build left it out, because nothing uses it or it only imports or declares.',
          reason.function,
        ),
      };
    case 'notCompiled':
      return {
        short: l10n.t('not part of the program'),
        text: l10n.t(
          'Nothing of this file is in the program of {0}: no package that it imports has this file, or the file is for another system.',
          reason.function,
        ),
      };
    case 'refused':
      return {
        short: l10n.t('the debugger refused it'),
        text: l10n.t('The debugger of {0} did not set it: {1}', reason.function, reason.detail),
      };
    case 'notDebugging':
      return both(l10n.t('{0} is not being debugged, so it runs past its breakpoints.', reason.function));
    case 'otherFunctions':
      return both(l10n.t('Debugging covers other functions than {0}.', listed(reason.functions)));
    case 'declined':
      return {
        short: l10n.t('the instance was not debugged'),
        text: l10n.t('The instance of {0} runs without a debugger: {1}', reason.function, reason.detail),
      };
    case 'older':
      return {
        short: l10n.t('an instance still runs older code'),
        text: l10n.t(
          '{0} still runs code from before the last change. A new instance gets the code of now.',
          listed(reason.instances),
        ),
      };
    case 'notInvoked':
      return {
        short: l10n.t('set on the next call'),
        text: l10n.t(
          'Not yet: it is set as soon as an instance of {0} loads this file, before its first line runs.',
          listed(reason.functions),
        ),
      };
    case 'notLoaded':
      return {
        short: l10n.t('not loaded yet'),
        text: l10n.t(
          'Not yet: {0} ran, but no call has loaded this file so far. It is imported only when it is needed, and the breakpoint is set then.',
          listed(reason.functions),
        ),
      };
    case 'unexplained':
      return {
        short: l10n.t('the debugger did not set it'),
        text: l10n.t(
          '{0} has loaded this file and the line has code, but the debugger did not set the breakpoint. A new instance usually helps; otherwise run "Debug: Diagnose Breakpoint Problems" while an instance is stopped.',
          listed(reason.instances),
        ),
      };
  }
}

/** The name of what may be done. */
export function remedyText(remedy: Remedy): string {
  switch (remedy.kind) {
    case 'enable':
      return l10n.t('Enable');
    case 'editCondition':
      return l10n.t('Edit Breakpoint');
    case 'save':
      return l10n.t('Save');
    case 'debug':
      return l10n.t('Debug {0}', remedy.function);
    case 'invoke':
      return l10n.t('Invoke {0}', remedy.function);
    case 'move':
      return l10n.t('Move to Line {0}', remedy.line);
    case 'open': {
      const names = {
        handler: l10n.t('Open Handler'),
        source: l10n.t('Open {0}', baseName(remedy.position.file)),
        problem: l10n.t('Show Problem'),
      };
      return names[remedy.what];
    }
    case 'replace':
      return l10n.t('Replace Instance');
    case 'showFunctions':
      return l10n.t('Show Functions');
    case 'activateAll':
      return l10n.t('Activate Breakpoints');
  }
}

function both(text: string): ReasonText {
  return { short: text, text };
}
