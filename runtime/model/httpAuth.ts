/**
 * Whom an HTTP trigger lets in. `signature`: who signs with keys of the account (FC `authType: function`, `AWS_IAM`).
 * `token`: who brings a token that the cloud checks (JWT, user pools, authorizer functions). `apiKey`: who has one.
 */
export const httpAuthKinds = ['signature', 'token', 'apiKey'] as const;

/** Whom a trigger lets in, where that is not everybody. */
export interface HttpAuth {
  kind: (typeof httpAuthKinds)[number];
  /** As the project file words it, e.g. `authType: function`. */
  stated: string;
  /** Where the token comes, of `token`: a header in lower case, `authorization` when absent, or a parameter of the query. */
  from?: { header: string } | { query: string };
}
