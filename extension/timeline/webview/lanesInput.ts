import { rowHeights } from '../chart/rows.ts';

/** Pixels from the canvas' left and top. */
export interface Place {
  x: number;
  y: number;
}

export interface PointerActions {
  /** A factor below 1 comes closer. */
  zoom(factor: number, x: number): void;
  pan(pixels: number): void;
  hover(place: Place | undefined): void;
  press(place: Place): void;
  open(place: Place): void;
}

/** Below this many pixels a press is a click and no dragging. */
const dragFrom = 4;

/** Pixels of a wheel that sends lines or pages. */
const wheelUnits = [1, 16, 400];

/**
 * Ctrl (or a pinch) and the wheel zoom, as does the wheel on the axis; Shift and the wheel, a wheel to the side and
 * dragging move in time; the wheel alone scrolls the rows.
 */
export function listenToPointer(canvas: HTMLCanvasElement, actions: PointerActions): void {
  const placeOf = (event: MouseEvent): Place => {
    const { left, top } = canvas.getBoundingClientRect();
    return { x: event.clientX - left, y: event.clientY - top };
  };
  canvas.addEventListener(
    'wheel',
    (event) => {
      const unit = wheelUnits[event.deltaMode] ?? 1;
      const [dx, dy] = [event.deltaX * unit, event.deltaY * unit];
      const { x, y } = placeOf(event);
      if (event.ctrlKey || event.metaKey || y < rowHeights.axis) actions.zoom(1.0025 ** dy, x);
      else if (event.shiftKey) actions.pan(dx || dy);
      else if (Math.abs(dx) > Math.abs(dy)) actions.pan(dx);
      else return;
      event.preventDefault();
    },
    { passive: false },
  );
  let pressed: { at: Place; last: number; dragged: boolean } | undefined;
  canvas.addEventListener('pointerdown', (event) => {
    if (event.button !== 0) return;
    const at = placeOf(event);
    pressed = { at, last: at.x, dragged: false };
    canvas.setPointerCapture(event.pointerId);
  });
  canvas.addEventListener('pointermove', (event) => {
    const place = placeOf(event);
    if (!pressed) return actions.hover(place);
    pressed.dragged ||= Math.hypot(place.x - pressed.at.x, place.y - pressed.at.y) >= dragFrom;
    if (!pressed.dragged) return;
    actions.hover(undefined);
    actions.pan(pressed.last - place.x);
    pressed.last = place.x;
  });
  const release = (event: PointerEvent): void => {
    const was = pressed;
    pressed = undefined;
    if (was && !was.dragged && event.type === 'pointerup') actions.press(placeOf(event));
  };
  canvas.addEventListener('pointerup', release);
  canvas.addEventListener('pointercancel', release);
  canvas.addEventListener('pointerleave', () => actions.hover(undefined));
  canvas.addEventListener('dblclick', (event) => actions.open(placeOf(event)));
}

export interface KeyActions {
  zoom(factor: number): void;
  /** A share of what is seen. */
  pan(share: number): void;
  step(direction: -1 | 1): void;
  changeTrack(direction: -1 | 1): void;
  /** To the first (-1) or last invocation of the lane. */
  edge(direction: -1 | 1): void;
  open(): void;
  fit(): void;
  follow(): void;
}

/** Everything the pointer can do. */
export function listenToKeys(canvas: HTMLCanvasElement, actions: KeyActions): void {
  const keys: Record<string, () => void> = {
    ArrowLeft: () => actions.step(-1),
    ArrowRight: () => actions.step(1),
    ArrowUp: () => actions.changeTrack(-1),
    ArrowDown: () => actions.changeTrack(1),
    Home: () => actions.edge(-1),
    End: () => actions.edge(1),
    Enter: () => actions.open(),
    '+': () => actions.zoom(1 / 1.5),
    '=': () => actions.zoom(1 / 1.5),
    '-': () => actions.zoom(1.5),
    '0': () => actions.fit(),
    f: () => actions.follow(),
  };
  const shifted: Record<string, () => void> = {
    ArrowLeft: () => actions.pan(-0.2),
    ArrowRight: () => actions.pan(0.2),
    '+': keys['+']!,
    F: keys['f']!,
  };
  canvas.addEventListener('keydown', (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const action = (event.shiftKey ? shifted : keys)[event.key];
    if (!action) return;
    action();
    event.preventDefault();
  });
}
