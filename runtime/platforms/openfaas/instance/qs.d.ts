/** The one function of `qs` that is used here; the package brings no types. */
declare module 'qs' {
  interface ParseOptions {
    allowPrototypes?: boolean;
    arrayLimit?: number;
  }
  const qs: { parse(text: string, options?: ParseOptions): Record<string, unknown> };
  export default qs;
}
