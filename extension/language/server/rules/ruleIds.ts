/** How loudly a rule speaks. */
export const ruleLevels = ['off', 'hint', 'warning'] as const;
export type RuleLevel = (typeof ruleLevels)[number];

/**
 * Every rule, by the id that settings, comments and explanation pages know it by, with how loudly it speaks where no
 * setting says so: what is a fact rather than a fault is a hint.
 */
export const defaultLevels = {
  'client-in-handler': 'warning',
  'module-state': 'hint',
  'not-awaited': 'warning',
  'callback-and-promise': 'hint',
  'never-answers': 'warning',
  'process-exit': 'warning',
  'env-not-given': 'warning',
  'lazy-import': 'hint',
  'file-outside-package': 'warning',
  'response-shape': 'warning',
  'timeout-too-short': 'warning',
} as const satisfies Record<string, RuleLevel>;

export type RuleId = keyof typeof defaultLevels;

export const ruleIds = Object.keys(defaultLevels) as RuleId[];

/** Levels by rule as a setting states them; what it does not state, or states wrongly, is as by default. */
export function readLevels(setting: unknown): Record<RuleId, RuleLevel> {
  const given = typeof setting === 'object' && setting !== null ? (setting as Record<string, unknown>) : {};
  const level = (id: RuleId): RuleLevel =>
    ruleLevels.find((each) => Object.hasOwn(given, id) && each === given[id]) ?? defaultLevels[id];
  return Object.fromEntries(ruleIds.map((id) => [id, level(id)])) as Record<RuleId, RuleLevel>;
}
