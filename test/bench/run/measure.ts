/** Something that is measured round by round. */
export interface Measure {
  /** For progress and for reasons why it is missing. */
  readonly title: string;
  /** Once, before the first round. Rejects with the reason when it cannot run here. */
  prepare(): Promise<void>;
  /** Whatever happens, its processes are gone afterwards. */
  round(round: number): Promise<void>;
}
