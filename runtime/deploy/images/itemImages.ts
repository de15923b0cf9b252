import { PorchlightError, saidOf } from '../../model/errors.ts';
import type { FunctionDefinition } from '../../model/functionDefinition.ts';
import type { Archive } from '../../packaging/archive.ts';
import type { DeployItem } from '../target.ts';
import type { ImageName } from './imageName.ts';
import type { ImageRequest, PlannedImage, PushedImage } from './imageRequest.ts';
import type { Images } from './images.ts';
import { programProblem } from './programImage.ts';
import type { ImageSettings } from './settings.ts';
import type { Phrase } from '../../support/l10n.ts';

export interface ItemImagesOptions {
  images: Images;
  settings: Pick<ImageSettings, 'baseImage'>;
  /** Where a function's image goes; undefined when nothing says so. */
  destination(definition: FunctionDefinition): ImageName | undefined;
  /** Whether a function gets an image at all; all do when absent. */
  takes?(definition: FunctionDefinition): boolean;
  request(item: DeployItem, destination: ImageName): Promise<ImageRequest>;
}

/** What is known of an image before a deploy; problems are sentences. */
export interface ImageFacts {
  destination: ImageName | undefined;
  /** Why it cannot be a container's server. */
  imageProblem?: Phrase | undefined;
  /** What keeps from building it upon its base image. */
  baseProblem?: string | Phrase | undefined;
  /** What keeps from pushing it. */
  pushProblem?: string | Phrase | undefined;
}

/** Images of what is deployed to a cluster: each package's is planned once, before the deploy, and made when it is. */
export class ItemImages {
  readonly #options: ItemImagesOptions;
  readonly #planned = new WeakMap<Archive, PlannedImage>();
  readonly #latest = new Map<string, PlannedImage>();

  constructor(options: ItemImagesOptions) {
    this.#options = options;
  }

  /** Plans it, and says what stands in the way. `serving`: tag of the image that serves. */
  async look(item: DeployItem, serving: string | undefined): Promise<ImageFacts> {
    const { definition } = item;
    const { images, settings, takes, request } = this.#options;
    this.#latest.delete(definition.name);
    const destination = this.#options.destination(definition);
    const imageProblem = await programProblem(item, settings);
    const facts = { destination, imageProblem };
    if (!destination || imageProblem !== undefined || takes?.(definition) === false) return facts;
    try {
      const planned = await images.plan(await request(item, destination));
      this.#planned.set(item.archive, planned);
      this.#latest.set(definition.name, planned);
      // What is there already need not be pushed.
      if (await this.#isThere(planned, serving)) return facts;
      return { ...facts, pushProblem: await images.mayPush(destination) };
    } catch (error) {
      if (!(error instanceof PorchlightError) || error.kind !== 'user' || error.code === 'TARGET_SETTING')
        throw error;
      return { ...facts, baseProblem: saidOf(error) };
    }
  }

  /** As it was planned; undefined where something stood in the way. */
  of(archive: Archive): PlannedImage | undefined {
    return this.#planned.get(archive);
  }

  /** Of a function's package that was looked at last. */
  latest(name: string): PlannedImage | undefined {
    return this.#latest.get(name);
  }

  async has({ archive }: DeployItem, serving: string | undefined): Promise<boolean> {
    const planned = this.of(archive);
    return planned !== undefined && this.#isThere(planned, serving);
  }

  /** Makes it, unless it is there: its registry knows its digest in both cases. */
  provide({ archive }: DeployItem, signal: AbortSignal): Promise<PushedImage> {
    const planned = this.of(archive);
    if (!planned) throw new PorchlightError('PLAN_UNKNOWN');
    return this.#options.images.provide(planned, signal);
  }

  async #isThere(planned: PlannedImage, serving: string | undefined): Promise<boolean> {
    return serving === planned.tag || (await this.#options.images.find(planned)) !== undefined;
  }
}
