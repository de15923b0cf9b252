import { randomUUID } from 'node:crypto';
import { dirname, join, relative, resolve, sep } from 'node:path';
import { PorchlightError } from '../../model/errors.ts';
import { isInside } from '../../model/handlerModule.ts';
import type { ObjectChange, SourceProblem, StorageSettings } from '../../model/sourceContracts.ts';
import { acceptsKey } from '../../model/storageTrigger.ts';
import { refuseOptions } from '../options.ts';
import type {
  Delivery,
  FireCall,
  Fired,
  Source,
  SourceKind,
  SourceServices,
  SourceState,
  TriggerFacts,
} from '../source.ts';
import { DeliveryQueue } from './deliveryQueue.ts';
import { newestKey, openFolder, systemFiles } from './objectFolder.ts';
import { ObjectWatch } from './objectWatch.ts';
import { systemEvents } from './systemEvents.ts';
import { phrase, say, type Phrase } from '../../support/l10n.ts';

/** Storage: a folder stands for the bucket, and files that are put into it or removed become its events. */
export const storageSource: SourceKind = {
  kind: 'storage',
  read(facts) {
    const { trigger, platform } = facts;
    const contract = platform.sources?.storage;
    if (!contract) {
      const detail = phrase(
        '{platform} has no storage triggers here. Fire the function with a sample event instead.',
        { platform: platform.displayName },
      );
      return { problems: [{ severity: 'error', detail }] };
    }
    const { settings, problems } = contract.read(trigger);
    if (!settings) return { problems };
    const wrong = folderProblem(facts, settings.bucket);
    if (wrong) return { problems: [...problems, wrong] };
    return {
      problems,
      plan: {
        summary: summaryOf(settings),
        enabled: settings.enabled,
        // Nobody but its user puts files there, and means something by it.
        startsByItself: trigger.config['fire'] !== false,
        open: (services) => new StorageSource(services, settings),
      },
    };
  },
};

/** The folder of a bucket: stated, relative to its file, or one of ours. */
function folderOf({ trigger, root }: TriggerFacts, bucket: string): string {
  const { folder } = trigger.config;
  const base = dirname(trigger.configAt?.['folder']?.file ?? join(root, 'porchlight.yaml'));
  return typeof folder === 'string' ? resolve(base, folder) : join(root, '.porchlight', 'buckets', bucket);
}

function folderProblem(facts: TriggerFacts, bucket: string): SourceProblem | undefined {
  const { root, trigger } = facts;
  const key = trigger.config['folder'] === undefined ? 'bucket' : 'folder';
  if (key === 'bucket' && !/^[A-Za-z0-9][A-Za-z0-9._-]{0,127}$/.test(bucket))
    return {
      severity: 'error',
      key,
      detail: phrase('"{bucket}" is no bucket\'s name: letters, digits, - and . are.', { bucket }),
    };
  const folder = folderOf(facts, bucket);
  if (folder !== resolve(root) && isInside(root, folder)) return undefined;
  return {
    severity: 'error',
    key,
    detail: phrase('{folder} is not a folder inside the project. Choose one in it.', { folder }),
  };
}

function summaryOf({ bucket, names, prefix, suffix }: StorageSettings): string {
  const what = Object.keys(names).join(', ') || 'nothing that files do';
  const keys = prefix || suffix ? ` ${prefix}*${suffix}` : '';
  return `bucket ${bucket}${keys}: ${what}`;
}

class StorageSource implements Source {
  readonly #services: SourceServices;
  readonly #settings: StorageSettings;
  readonly #queue: DeliveryQueue;
  #watch: ObjectWatch | undefined;
  #sequence = 0;

  constructor(services: SourceServices, settings: StorageSettings) {
    this.#services = services;
    this.#settings = settings;
    this.#queue = new DeliveryQueue(
      services.clock,
      (delivery) => services.deliver(delivery),
      ({ label }, error) =>
        services.say('warn', `${label}: ${error instanceof Error ? error.message : String(error)}`),
    );
  }

  get #folder(): string {
    return folderOf(this.#services.facts, this.#settings.bucket);
  }

  get state(): SourceState {
    const { root } = this.#services.facts;
    const shown = relative(root, this.#folder).split(sep).join('/');
    const waiting = this.#queue.length + (this.#watch?.writing ?? 0);
    return {
      text: this.#watch
        ? phrase('watches {folder}', { folder: shown })
        : phrase('of {folder}', { folder: shown }),
      folder: this.#folder,
      ...(this.#watch && {
        waiting,
        details: [{ label: phrase('Objects'), text: String(this.#watch.count) }],
      }),
    };
  }

  async start(): Promise<void> {
    const { clock, facts, changed } = this.#services;
    const folder = await openFolder(facts.root, this.#folder);
    this.#watch = new ObjectWatch({
      folder,
      clock,
      files: systemFiles,
      events: systemEvents(folder),
      onChange: (change) => this.#tell(change),
      onProblem: (problem) =>
        this.#services.say(
          'warn',
          `${facts.definition.name}: the trigger ${facts.trigger.name}: ${say(problem)}`,
        ),
    });
    await this.#watch.start();
    changed();
  }

  async stop(): Promise<void> {
    const watch = this.#watch;
    this.#watch = undefined;
    this.#queue.clear();
    await watch?.close();
  }

  async fire({ event, options }: FireCall): Promise<Fired> {
    const { facts, deliver } = this.#services;
    refuseOptions(facts, options, ['key']);
    if (event)
      return { delivered: deliver({ event, label: `${facts.trigger.name} by hand`, mode: 'async' }) };
    const { names } = this.#settings;
    if (Object.keys(names).length === 0)
      throw this.#error(phrase('it hears of nothing that a file does; give it an event.'));
    const change = await this.#chosen(options['key']);
    return { delivered: deliver(this.#delivery(change, [phrase('Fired by hand.')])) };
  }

  dispose(): Promise<void> {
    return this.stop();
  }

  /** The object that firing by hand tells of: the one that is named, the newest that fits, or one that nobody has. */
  async #chosen(stated: string | undefined): Promise<ObjectChange> {
    const folder = this.#folder;
    const { prefix, suffix } = this.#settings;
    const key = stated ?? (await newestKey(folder, (each) => acceptsKey(this.#settings, each)));
    if (key === undefined)
      return {
        kind: 'created',
        key: `${prefix}example${suffix || '.txt'}`,
        size: 0,
        md5: 'd41d8cd98f00b204e9800998ecf8427e',
      };
    const path = resolve(folder, ...key.split('/'));
    const found = isInside(folder, path) ? await systemFiles.facts(path) : undefined;
    if (!found) {
      const detail = phrase('there is no file "{key}" in {folder}. Put it there, or leave out the key.', {
        key,
        folder,
      });
      throw this.#error(detail);
    }
    return { kind: 'created', key, size: found.size, md5: await systemFiles.md5(path) };
  }

  #error(detail: string | Phrase): PorchlightError {
    const { trigger, definition } = this.#services.facts;
    return new PorchlightError('TRIGGER_ACTION', {
      trigger: trigger.name,
      function: definition.name,
      detail,
    });
  }

  #tell(change: ObjectChange): void {
    if (this.#settings.names[change.kind] !== undefined && acceptsKey(this.#settings, change.key))
      this.#queue.add(this.#delivery(change, []));
    this.#services.changed();
  }

  #delivery(change: ObjectChange, notes: Phrase[]): Delivery {
    const { trigger, definition, platform } = this.#services.facts;
    const settings = this.#settings;
    // A trigger that hears only of removals is told of one when it is fired.
    const told =
      settings.names[change.kind] === undefined && settings.names.removed ? removalOf(change) : change;
    const name = settings.names[told.kind]!;
    const at = new Date(this.#services.clock.epochMs());
    const sequence = at.getTime() * 1000 + (this.#sequence++ % 1000);
    const facts = { settings, name, trigger, definition, at, id: randomUUID(), sequence };
    const event = platform.sources!.storage!.event(told, facts);
    return { event, label: `${settings.bucket}/${told.key} ${told.kind}`, mode: 'async', notes };
  }
}

function removalOf({ key, size }: ObjectChange): ObjectChange {
  return { kind: 'removed', key, size: 0, md5: '', sizeBefore: size };
}
