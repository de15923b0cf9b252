const afterMs = 30_000;

/** Says what a test has been waiting for, should it hang: its time-out names only the test. */
export async function waitingFor<T>(what: () => string, promise: Promise<T>): Promise<T> {
  const timer = setTimeout(() => console.error(`Still waiting for ${what()}`), afterMs);
  try {
    return await promise;
  } finally {
    clearTimeout(timer);
  }
}
