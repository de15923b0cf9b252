import type { Archive } from '../../packaging/archive.ts';
import type { ImageName } from './imageName.ts';

/** Processors that images are made for, as the OCI image specification names them. */
export type Architecture = 'amd64' | 'arm64';

/** How a function of a built-in language is started: by a small HTTP server of ours, which loads handler and contract. */
export interface HandlerStart {
  kind: 'handler';
  language: 'nodejs' | 'python';
  /** Whose contract the server calls the handler by; `dist/contracts/<platform>.<language>…` goes into the image. */
  platform: string;
  /** The handler string as configured. */
  handler: string;
  /** What contracts have of the function for its whole life (`Platform.context`), `codeRoot` excepted: it is the image's. */
  lifetime: Record<string, unknown>;
  /** Requests that are handled at the same time; others wait. */
  concurrency: number;
  /** Time after which the server answers 504, in milliseconds; absent: whoever is in front of it sees to that. */
  timeoutMs?: number;
  /** What the server tells a gateway of itself, beside what the function answers; absent where there is none. */
  watchdog?: { healthPath: string; readyPath: string; metricsPort: number; lockFile: string };
  /** Paths at which the contract has the function's own checks: they wait for no request, and who is busy is healthy. */
  checkPaths: string[];
  /** Names of the variables that may hold the port, the first that is set counts. */
  portVariables: string[];
}

/** How a program is started that is an HTTP server itself: its own command, from its code folder. */
export interface CommandStart {
  kind: 'command';
  command: string[];
}

/** What a target wants of an image. The same request gives the same bytes, and so the same digest, on every machine. */
export interface ImageRequest {
  /** Function it is made for, for messages. */
  function: string;
  /** Registry and repository it goes to; a tag or digest in it is not looked at. */
  destination: ImageName;
  /** Image it is built upon: the tag's image of the moment is taken by its digest. */
  base: ImageName;
  architecture: Architecture;
  archive: Archive;
  start: HandlerStart | CommandStart;
  /** Port on which the server listens when no variable names another. */
  port: number;
  /** Variables of the image: nothing that is secret, as images are readable by many. Those of the function go to its service. */
  environment: Record<string, string>;
  labels: Record<string, string>;
}

/** An image as it would be: nothing is built or sent yet. */
export interface PlannedImage {
  request: ImageRequest;
  /** Base image by digest, e.g. `docker.io/library/node:22-slim@sha256:…`. */
  base: string;
  /** Content-addressed: made of all that the image's bytes depend on. */
  tag: string;
}

/** An image in its registry. */
export interface PushedImage {
  /** `registry/repository@sha256:…`, what clusters are to be given. */
  reference: string;
  digest: string;
  /** As `PlannedImage.tag`. */
  tag: string;
  /** Bytes of all layers as they are stored, those of the base included; 0 where the image was there already. */
  bytes: number;
  /** What this call sent: layers and configuration that the registry did not have; 0 where all of it was there. */
  pushedBytes: number;
  /** Whether the image was made by this call, and not there before. */
  pushed: boolean;
}
