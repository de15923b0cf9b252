import type { DeployedFunction } from '../../runtime/model/deploy.ts';
import type { Clock } from '../../runtime/support/clock.ts';
import { DisposableStore, type Disposable } from '../../runtime/support/disposable.ts';
import { l10n } from '../editor/l10n.ts';
import type { FolderHost } from '../hostClient/folderHost.ts';
import type { Hosts } from '../hostClient/hosts.ts';
import { driftText, serveText, versionDescription } from '../presentation/deployText.ts';
import { followIcon, followText } from '../presentation/followText.ts';
import { escapeMarkdown } from '../presentation/invocationText.ts';
import { branch, leaf, type Expansion, type Row, type RowContent } from './row.ts';
import { RowProvider, type ItemApi } from './rowProvider.ts';
import { failureText } from '../../runtime/model/errors.ts';

/** The target that is asked by itself: others are elsewhere, and are asked when somebody opens their row. */
const ownTarget = 'local';

/** The rows of the Deployed view: targets, their functions, and the versions of each. */
export class DeployedTree implements Disposable {
  readonly provider: RowProvider;
  #hosts: Hosts;
  readonly #remembered: (folder: string) => string | undefined;
  #asked = new WeakSet<object>();
  #store = new DisposableStore();

  /** `remembered`: the target that was chosen the last time in a folder, by its path. */
  constructor(
    api: ItemApi,
    hosts: Hosts,
    clock: Pick<Clock, 'after'>,
    remembered: (folder: string) => string | undefined,
  ) {
    this.#hosts = hosts;
    this.#remembered = remembered;
    this.provider = this.#store.add(new RowProvider(api, clock, () => this.#roots()));
    this.#store.add(
      hosts.onDidChange((change) => {
        const deployed = change.kind === 'mirror' && change.change.kind === 'deployed';
        const follows = change.kind === 'remote' && change.change.kind === 'follows';
        if (deployed || follows || change.kind === 'folders' || change.kind === 'state')
          this.provider.refresh();
      }),
    );
  }

  #roots(): Row[] {
    const hosts = this.#hosts.withProject.filter((host) => host.running);
    hosts.forEach((host) => this.#ask(host));
    return hosts.flatMap((host) =>
      shownTargets(host, this.#remembered(host.folder.path)).map(
        (target) => new TargetRow(host, target, hosts.length > 1),
      ),
    );
  }

  /** Asks each connection once; later changes come by themselves. */
  #ask(host: FolderHost): void {
    const api = host.running;
    if (!api || this.#asked.has(api)) return;
    this.#asked.add(api);
    Promise.all([api.listDeployed(ownTarget), api.serve('status')]).then(
      ([functions, serve]) => host.mirror.setDeployed(ownTarget, functions, serve),
      // Lost the connection, or a host that cannot deploy: the view stays empty, and asks the next host again.
      () => this.#asked.delete(api),
    );
  }

  dispose(): void {
    this.#store.dispose();
  }
}

/** Targets on which something is deployed, and the one of the last time; the own one also while it serves. */
function shownTargets({ mirror }: FolderHost, remembered: string | undefined): string[] {
  const shown = mirror.deployedTargets.filter(
    (target) => (mirror.deployed(target)?.length ?? 0) > 0 || (target === ownTarget && mirror.serve?.running),
  );
  const more = remembered !== undefined && remembered !== ownTarget && !shown.includes(remembered);
  return more ? [...shown, remembered] : shown;
}

class TargetRow implements Row {
  readonly id: string;
  readonly parent = undefined;
  readonly argument: object;
  #host: FolderHost;
  #target: string;
  #withFolder: boolean;

  constructor(host: FolderHost, target: string, withFolder: boolean) {
    this.id = `target:${host.folder.path}:${target}`;
    this.argument = { target, folder: host.folder.path };
    this.#host = host;
    this.#target = target;
    this.#withFolder = withFolder;
  }

  content(): RowContent {
    const { serve } = this.#host.mirror;
    const running = serve?.running ?? false;
    const folder = this.#withFolder ? [this.#host.folder.name] : [];
    if (this.#target !== ownTarget) {
      const known = this.#host.mirror.deployed(this.#target);
      const state = known
        ? known.length === 0
          ? [l10n.t('nothing deployed')]
          : []
        : [l10n.t('open to look')];
      const description = [...folder, ...state].join(' · ');
      return {
        label: this.#target,
        ...(description === '' ? {} : { description }),
        icon: { id: 'cloud' },
        context: 'remote',
      };
    }
    return {
      label: this.#target,
      description: [...folder, serveText(serve)].join(' · '),
      icon: running ? { id: 'vm-running', color: 'testing.iconPassed' } : { id: 'vm' },
      context: `target ${running ? 'serving' : 'stopped'}`,
    };
  }

  expansion(): Expansion {
    return this.#host.mirror.deployed(this.#target) ? 'expanded' : 'collapsed';
  }

  children(): Row[] | Promise<Row[]> {
    const known = this.#host.mirror.deployed(this.#target);
    return known ? this.#rows(known) : this.#look();
  }

  #rows(functions: readonly DeployedFunction[]): Row[] {
    return functions.map((deployed) => functionRow(this, this.#host, deployed));
  }

  /** Asks a target that is elsewhere; why it does not say is a row. */
  async #look(): Promise<Row[]> {
    const { mirror, running } = this.#host;
    try {
      const functions = (await running?.listDeployed(this.#target)) ?? [];
      mirror.setDeployed(this.#target, functions);
      return this.#rows(functions);
    } catch (error) {
      const message = failureText(error);
      return [leaf(this, 'problem', { label: message, tooltip: message, icon: { id: 'warning' } })];
    }
  }
}

function functionRow(parent: Row, host: FolderHost, deployed: DeployedFunction): Row {
  const current = deployed.versions.find((version) => version.current);
  const shared = deployed.versions.find((version) => !version.current && version.percent !== undefined);
  const [url] = deployed.urls;
  const argument = {
    function: deployed.function,
    folder: host.folder.path,
    target: deployed.target,
    ...(url === undefined ? {} : { url }),
  };
  const earlier = deployed.versions.length > 1 ? ' rollback' : '';
  const follow = host.remote.follow(deployed);
  const drift = driftText(host.mirror.drift(deployed.target, deployed.function));
  return branch(
    parent,
    deployed.function,
    {
      label: deployed.function,
      description: [
        current ? l10n.t('version {0}', current.version) : l10n.t('no current version'),
        ...(shared ? [l10n.t('{0} % to version {1}', shared.percent!, shared.version)] : []),
        ...(follow ? [followText(follow)] : []),
        ...(drift === undefined ? [] : [drift]),
        ...(url === undefined ? [] : [url]),
      ].join(' · '),
      icon: follow ? followIcon(follow) : { id: 'symbol-function' },
      ...(follow?.trouble === undefined ? {} : { tooltip: escapeMarkdown(follow.trouble) }),
      context: `deployed${follow ? ' followed' : ' silent'}${url === undefined ? '' : ' url'}${earlier}`,
    },
    (self) =>
      deployed.versions.map((version) =>
        leaf(
          self,
          version.version,
          {
            label: l10n.t('version {0}', version.version),
            description: versionDescription(version),
            icon: version.current ? { id: 'pass-filled', color: 'testing.iconPassed' } : { id: 'history' },
            context: version.current ? 'version current' : 'version earlier',
          },
          { ...argument, version: version.version },
        ),
      ),
    'collapsed',
    argument,
  );
}
