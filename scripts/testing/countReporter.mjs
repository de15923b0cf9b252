/** A reporter for `node --test` that writes the counts of the whole run, and what failed, as one line of JSON. */
export default async function* countReporter(events) {
  const failures = [];
  const failedTests = [];
  for await (const { type, data } of events) {
    if (type === 'test:fail') {
      const { error } = data.details;
      // A suite fails with its tests, which tell by themselves.
      if (error?.failureType === 'subtestsFailed') continue;
      failedTests.push(data.name);
      failures.push(`${data.name}: ${error?.cause?.message ?? error?.message ?? error}`);
    }
    // Each test file has a summary too; the one of the whole run names no file.
    if (type !== 'test:summary' || data.file !== undefined) continue;
    const { passed, failed, cancelled, skipped, todo } = data.counts;
    const counts = { passed, failed: failed + cancelled, skipped: skipped + todo, failures, failedTests };
    yield `${JSON.stringify(counts)}\n`;
  }
}
