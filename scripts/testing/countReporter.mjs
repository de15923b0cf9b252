/** A reporter for `node --test` that writes the counts of the whole run as one line of JSON. */
export default async function* countReporter(events) {
  for await (const { type, data } of events) {
    // Each test file has a summary too; the one of the whole run names no file.
    if (type !== 'test:summary' || data.file !== undefined) continue;
    const { passed, failed, cancelled, skipped, todo } = data.counts;
    yield `${JSON.stringify({ passed, failed: failed + cancelled, skipped: skipped + todo })}\n`;
  }
}
