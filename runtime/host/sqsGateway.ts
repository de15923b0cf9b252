import type { IncomingMessage, ServerResponse } from 'node:http';
import { PorchlightError } from '../model/errors.ts';
import type { GatewayResponse } from '../model/platform.ts';
import { platformDefaults } from '../model/platformDefaults.ts';
import type { Clock } from '../support/clock.ts';
import { SqsError } from '../triggers/queue/sqs/sqsError.ts';
import {
  answerSqs,
  refuseSqs,
  sqsAddressOf,
  sqsRequestBytes,
  type SqsAddress,
} from '../triggers/queue/sqs/sqsService.ts';
import { isForeignOrigin } from './loopback.ts';
import { isForSqs, type HostQueues } from './queues.ts';

export interface SqsGatewayOptions {
  queues: HostQueues;
  clock: Clock;
  onInternalError(error: unknown): void;
}

const platform = 'aws-lambda';

/** Amazon SQS on the gateway: its SDKs and its command line use the host's queues. */
export class SqsGateway {
  readonly #options: SqsGatewayOptions;
  readonly #ending = new AbortController();

  constructor(options: SqsGatewayOptions) {
    this.#options = options;
  }

  /** The address of a request that is for queues. */
  at(request: IncomingMessage): SqsAddress | undefined {
    const { hub } = this.#options.queues;
    const { method = 'GET', url = '/', headers } = request;
    return sqsAddressOf({ method, url, headers }, (name) => hub.find(name) !== undefined);
  }

  /** Carries it out. Never rejects for what a client sends: that is told in its own form. */
  async answer(
    address: SqsAddress,
    request: IncomingMessage,
    response: ServerResponse,
    readBody: (request: IncomingMessage, limit: number) => Promise<Uint8Array>,
  ): Promise<GatewayResponse> {
    const { headers } = request;
    if (isForeignOrigin(headers.origin, headers.host)) {
      return refuseSqs(
        address,
        new SqsError('AccessDeniedException', 'Web pages cannot use the queues here.'),
      );
    }
    let body: Uint8Array;
    try {
      body = await readBody(request, sqsRequestBytes);
    } catch (error) {
      if (!(error instanceof PorchlightError)) throw error;
      // The rest is read and dropped: clients that still send would not see the answer otherwise.
      request.removeAllListeners('data').resume();
      return refuseSqs(address, new SqsError('InvalidParameterValueException', error.message));
    }
    const gone = new AbortController();
    response.once('close', () => gone.abort());
    const { queues, clock, onInternalError } = this.#options;
    const { region, accountId } = platformDefaults(platform);
    const context = {
      hub: queues.hub,
      clock,
      owner: { platform, region: regionOf(headers.authorization) ?? region, accountId },
      base: `http://${headers.host ?? '127.0.0.1'}`,
      isOffered: isForSqs,
      signal: AbortSignal.any([gone.signal, this.#ending.signal]),
    };
    return answerSqs(address, body, context, onInternalError);
  }

  /** Answers whoever waits for messages. */
  close(): void {
    this.#ending.abort();
  }
}

/** The region a client has signed for. */
function regionOf(authorization: string | undefined): string | undefined {
  return /Credential=[^/]+\/\d{8}\/([a-z0-9-]{1,40})\/sqs\//.exec(authorization ?? '')?.[1];
}
