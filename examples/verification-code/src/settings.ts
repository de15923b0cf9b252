export interface MailSettings {
  apiUrl: string;
  apiKey: string;
  from: string;
}

export interface Settings {
  mail: MailSettings;
  codeLifetimeMs: number;
}

/** A variable without which no mail can be sent. */
export class MissingSettingError extends Error {
  constructor(names: string[]) {
    const verb = names.length === 1 ? 'is' : 'are';
    super(`${names.join(' and ')} ${verb} not set. Copy .env.example to .env, fill it in, and invoke again.`);
  }
}

/** Reads the environment; all missing variables are told at once. */
export function readSettings(env: NodeJS.ProcessEnv): Settings {
  const { MAIL_API_KEY: apiKey, MAIL_FROM: from, MAIL_API_URL: apiUrl, CODE_LIFETIME_SECONDS: seconds } = env;
  if (!apiKey || !from || !apiUrl) {
    const missing = Object.entries({ MAIL_API_KEY: apiKey, MAIL_FROM: from, MAIL_API_URL: apiUrl });
    throw new MissingSettingError(missing.filter(([, value]) => !value).map(([name]) => name));
  }
  return { mail: { apiUrl, apiKey, from }, codeLifetimeMs: Number(seconds ?? 600) * 1000 };
}
