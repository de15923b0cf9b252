/*
 * Variables that are nobody's configuration: systems, shells, Node.js, clouds, build services and common libraries read
 * or set them, and go on without them.
 */

const names = new Set(
  (
    'PATH HOME PWD USER USERNAME LOGNAME SHELL TERM TZ LANG LANGUAGE TMPDIR TMP TEMP HOSTNAME EDITOR DISPLAY OS ' +
    'SYSTEMROOT SYSTEMDRIVE WINDIR COMSPEC PATHEXT APPDATA LOCALAPPDATA PROGRAMFILES PROGRAMDATA USERPROFILE COMPUTERNAME ' +
    'CI DEBUG VERBOSE NO_COLOR FORCE_COLOR COLORTERM LOG_LEVEL LOGLEVEL PORT HTTP_PROXY HTTPS_PROXY NO_PROXY ALL_PROXY ' +
    'SSL_CERT_FILE SSL_CERT_DIR LD_LIBRARY_PATH _HANDLER _X_AMZN_TRACE_ID IS_LOCAL IS_OFFLINE LOCALSTACK_HOSTNAME VITEST'
  ).split(' '),
);

const families =
  /^(?:NODE_|NPM_|LC_|XDG_|AWS_|LAMBDA_|FC_|ALIBABA_CLOUD_|ALIYUN_|OTEL_|DD_|SENTRY_|POWERTOOLS_|JEST_|VITEST_|GITHUB_|GITLAB_|UV_|PORCHLIGHT_)/;

/** Whether a variable needs no value of the user's. */
export function isKnownVariable(name: string): boolean {
  const upper = name.toUpperCase();
  return names.has(upper) || families.test(upper);
}
