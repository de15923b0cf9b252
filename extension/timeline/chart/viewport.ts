/** The part of time that is seen, in milliseconds since the epoch. */
export interface Viewport {
  from: number;
  to: number;
}

/** The shortest and longest time that can be seen, in milliseconds. */
export const viewLimits = { shortest: 0.5, longest: 40 * 24 * 3600_000 } as const;

export const widthOf = ({ from, to }: Viewport): number => to - from;

/** Zooms around a moment; a factor below 1 comes closer. */
export function zoom(view: Viewport, factor: number, at: number): Viewport {
  const width = Math.min(viewLimits.longest, Math.max(viewLimits.shortest, widthOf(view) * factor));
  const share = (at - view.from) / widthOf(view);
  const from = at - share * width;
  return { from, to: from + width };
}

/** Moves by a share of what is seen; to later times when it is positive. */
export function pan(view: Viewport, share: number): Viewport {
  const by = widthOf(view) * share;
  return { from: view.from + by, to: view.to + by };
}

/** All of a time, with some room at both ends. */
export function fit(from: number, to: number): Viewport {
  const room = Math.max(5, (to - from) * 0.03);
  return { from: from - room, to: to + room };
}

/** The same width, with now near its right end. */
export function follow(view: Viewport, now: number): Viewport {
  const width = widthOf(view);
  const to = now + width * 0.05;
  return { from: to - width, to };
}

/** Keeps a moment in sight; moves no more than is needed, and puts it into the middle when it was far away. */
export function show(view: Viewport, from: number, to: number): Viewport {
  const width = widthOf(view);
  const inSight = from >= view.from && to <= view.to;
  if (inSight || (from < view.from && to > view.to)) return view;
  const middle = to - from > width ? from + width * 0.45 : (from + to) / 2;
  return { from: middle - width / 2, to: middle + width / 2 };
}
