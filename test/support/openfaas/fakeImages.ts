import { createHash } from 'node:crypto';
import { imageText } from '../../../runtime/deploy/images/imageName.ts';
import type { ImageRequest, PlannedImage, PushedImage } from '../../../runtime/deploy/images/imageRequest.ts';
import type { Images } from '../../../runtime/deploy/images/images.ts';

/** A registry that is a list of names. */
export class FakeImages implements Images {
  readonly pushed = new Map<string, PushedImage>();
  /** Images that were sent, in order. */
  readonly sent: string[] = [];
  objection: string | undefined;

  plan(request: ImageRequest): Promise<PlannedImage> {
    const { archive, start, environment, labels, base } = request;
    const parts = JSON.stringify([archive.hash, start, environment, labels, base]);
    const tag = createHash('sha256').update(parts).digest('hex').slice(0, 16);
    return Promise.resolve({ request, base: `${imageText(base)}@sha256:${'0'.repeat(64)}`, tag });
  }

  find({ tag }: PlannedImage): Promise<PushedImage | undefined> {
    return Promise.resolve(this.pushed.get(tag));
  }

  provide({ request, tag }: PlannedImage, signal: AbortSignal): Promise<PushedImage> {
    signal.throwIfAborted();
    const there = this.pushed.get(tag);
    if (there) return Promise.resolve({ ...there, pushed: false, pushedBytes: 0 });
    const digest = `sha256:${createHash('sha256').update(tag).digest('hex')}`;
    const { registry, repository } = request.destination;
    const made = {
      ...{ reference: `${registry}/${repository}@${digest}`, digest, tag },
      ...{ bytes: 10, pushedBytes: 10, pushed: true },
    };
    this.pushed.set(tag, made);
    this.sent.push(tag);
    return Promise.resolve(made);
  }

  mayPush(): Promise<string | undefined> {
    return Promise.resolve(this.objection);
  }
}
