import type { MailSettings } from './settings.ts';

export interface Mail {
  to: string;
  subject: string;
  text: string;
}

/** The mail API did not take a mail. */
export class MailError extends Error {}

/** Hands a mail to the mail API and gives the id under which it is known there. */
export async function sendMail(settings: MailSettings, mail: Mail): Promise<string | undefined> {
  const response = await post(settings, { from: settings.from, ...mail });
  const text = await response.text();
  if (!response.ok) throw new MailError(`The mail API answered ${response.status}: ${text.slice(0, 200)}`);
  return idOf(text);
}

async function post(settings: MailSettings, body: object): Promise<Response> {
  try {
    return await fetch(settings.apiUrl, {
      method: 'POST',
      headers: { authorization: `Bearer ${settings.apiKey}`, 'content-type': 'application/json' },
      body: JSON.stringify(body),
      signal: AbortSignal.timeout(5000),
    });
  } catch (error) {
    const { message, cause } = error as Error;
    const detail = cause instanceof Error ? cause.message : message;
    throw new MailError(`The mail API at ${settings.apiUrl} cannot be reached: ${detail}`, { cause: error });
  }
}

function idOf(text: string): string | undefined {
  try {
    return (JSON.parse(text) as { id?: string }).id;
  } catch {
    // The mail is on its way; some services answer with nothing.
    return undefined;
  }
}
