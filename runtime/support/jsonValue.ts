/** The value that a text stands for in JSON; undefined of any other text, which no schema takes. */
export function jsonIn(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // Whoever asks treats it as what it is: something else.
    return undefined;
  }
}
