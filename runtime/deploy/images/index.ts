import type { Images } from './images.ts';
import { RegistryImages, type ImagesOptions } from './registryImages.ts';

/** Opens what makes images for a target. Nothing is asked of a registry yet. */
export function openImages(options: ImagesOptions = {}): Images {
  return new RegistryImages(options);
}
