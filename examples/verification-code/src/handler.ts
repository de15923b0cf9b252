import { CodeStore } from './codeStore.ts';
import { MailError, sendMail } from './mail.ts';
import { MissingSettingError, readSettings } from './settings.ts';

/** A plain invocation: `{"action": "send", "email": "…"}` or `{"action": "verify", "email": "…", "code": "…"}`. */
interface PlainEvent {
  action?: string;
  email?: string;
  code?: string;
}

/** What an HTTP API hands over (payload format 2.0), as far as it is used here. */
interface HttpEvent {
  rawPath: string;
  body?: string;
  isBase64Encoded?: boolean;
  requestContext: { http: { method: string } };
}

interface Answer {
  status: number;
  body: Record<string, unknown>;
}

// Kept by the process: a resident one finds its codes again at the next call, an ephemeral one never does.
const codes = new CodeStore();

export async function handler(event: PlainEvent | HttpEvent) {
  if (!isHttp(event)) {
    const { status, body } = await answer(event);
    return { status, ...body };
  }
  const { status, body } = await answerRequest(event);
  return {
    statusCode: status,
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  };
}

async function answerRequest(request: HttpEvent): Promise<Answer> {
  const text = Buffer.from(request.body ?? '', request.isBase64Encoded ? 'base64' : 'utf8').toString();
  const action = request.rawPath.endsWith('/verify') ? 'verify' : 'send';
  try {
    return await answer({ ...(JSON.parse(text) as PlainEvent), action });
  } catch (error) {
    if (error instanceof SyntaxError)
      return refusal('The body has to be JSON, e.g. {"email": "ada@example.com"}.');
    throw error;
  }
}

async function answer({ action, email, code }: PlainEvent): Promise<Answer> {
  if (!email || !/^[^@\s]+@[^@\s]+$/.test(email)) return refusal('"email" has to be an e-mail address.');
  switch (action) {
    case 'send':
      return send(email);
    case 'verify':
      return code ? verify(email, code) : refusal('"code" is missing.');
    default:
      return refusal('"action" has to be "send" or "verify".');
  }
}

async function send(email: string): Promise<Answer> {
  try {
    const settings = readSettings(process.env);
    const code = codes.create(email, settings.codeLifetimeMs);
    const id = await sendMail(settings.mail, {
      to: email,
      subject: `${code} is your code`,
      text: `Your verification code is ${code}. It is valid for ${settings.codeLifetimeMs / 60_000} minutes.`,
    });
    console.log(`sent a code to ${email}; this process (${process.pid}) now keeps ${codes.size}`);
    return { status: 202, body: { sent: true, mail: id } };
  } catch (error) {
    if (error instanceof MissingSettingError) return { status: 503, body: { error: error.message } };
    if (error instanceof MailError) {
      codes.forget(email);
      console.error(error.message);
      return { status: 502, body: { error: error.message } };
    }
    throw error;
  }
}

function verify(email: string, code: string): Answer {
  const outcome = codes.verify(email, code);
  console.log(`code of ${email}: ${outcome}; this process (${process.pid}) keeps ${codes.size}`);
  if (outcome === 'right') return { status: 200, body: { verified: true } };
  return { status: outcome === 'unknown' ? 404 : 403, body: { verified: false, reason: outcome } };
}

function refusal(error: string): Answer {
  return { status: 400, body: { error } };
}

function isHttp(event: PlainEvent | HttpEvent): event is HttpEvent {
  return 'requestContext' in event;
}
