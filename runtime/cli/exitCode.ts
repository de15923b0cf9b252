import { localized, PorchlightError } from '../model/errors.ts';

/** How a command ends; scripts depend on the numbers. */
export const exitCodes = { ok: 0, functionFailed: 1, userMistake: 2, ours: 3 } as const;

export type ExitCode = (typeof exitCodes)[keyof typeof exitCodes];

/** What a failed command says, and the code it ends with. Programs get the code of the catalogue in front. */
export function describeFailure(error: unknown, forPrograms: boolean): { text: string; code: ExitCode } {
  if (error instanceof PorchlightError) {
    const text = forPrograms ? `${error.code}: ${error.message}` : localized(error);
    return { text, code: error.kind === 'user' ? exitCodes.userMistake : exitCodes.ours };
  }
  const text = error instanceof Error ? (error.stack ?? error.message) : String(error);
  return { text: `This is a fault of Porchlight: ${text}`, code: exitCodes.ours };
}
