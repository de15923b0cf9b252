import type { ImageRequest, PlannedImage, PushedImage } from './imageRequest.ts';
import type { Phrase } from '../../support/l10n.ts';

/**
 * Makes images and puts them into registries, without Docker. Targets open one by `openImages` and know images by this
 * interface alone. Failures are `PorchlightError`s with registry and remedy; credentials are in none of them.
 *
 * A deploy asks in this order: `plan` when it plans (one request for the base image, which is remembered), `find` for
 * `DeployTarget.hasPackage`, `provide` for `upload`. `provide` looks first, so that whatever was interrupted goes on.
 */
export interface Images {
  /** What would be made. Reads the base image's digest; nothing is built or sent. */
  plan(request: ImageRequest, signal?: AbortSignal): Promise<PlannedImage>;
  /** The image, when the registry has it already; undefined otherwise. One request. */
  find(planned: PlannedImage, signal?: AbortSignal): Promise<PushedImage | undefined>;
  /**
   * Builds what is missing and pushes it: layers that the registry has are not sent again, the base's are mounted from
   * their repository or copied, the manifest goes last. Interrupted at any point, the next call completes it.
   */
  provide(planned: PlannedImage, signal: AbortSignal): Promise<PushedImage>;
  /** What keeps from pushing to a repository, as a text with its remedy; undefined when nothing does. Sends nothing. */
  mayPush(
    destination: ImageRequest['destination'],
    signal?: AbortSignal,
  ): Promise<string | Phrase | undefined>;
}
