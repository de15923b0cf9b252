import { reasonText } from './diagnosisText.ts';
import type { BreakpointDoctor } from './doctor.ts';

/** The gutter's hover breaks lines anywhere, so it gets the short words. */
function sentence(text: string): string {
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}${/[.!?]$/.test(text) ? '' : '.'}`;
}

/** What the gutter says of breakpoints that no instance has set: one text per line, none where they are set. Never rejects. */
export async function describeBreakpoints(
  doctor: BreakpointDoctor,
  log: { warn(text: string): void },
  file: string,
  lines: readonly number[],
): Promise<(string | undefined)[]> {
  try {
    const diagnoses = await doctor.examine(lines.map((line) => ({ file, line, enabled: true })));
    return diagnoses.map(({ reason, standing }) =>
      standing === 'fine' ? undefined : sentence(reasonText(reason).short),
    );
  } catch (error) {
    // The host went; the next one is asked again.
    log.warn(`Breakpoints of ${file} cannot be examined: ${String(error)}`);
    return [];
  }
}
