/** Slanting lines in a colour: told apart from a plain colour by everybody. */
export function hatchOf(context: CanvasRenderingContext2D, colour: string): CanvasPattern | null {
  const size = 6;
  const tile = document.createElement('canvas');
  tile.width = tile.height = size;
  const draw = tile.getContext('2d');
  if (!draw) return null;
  draw.strokeStyle = colour;
  draw.lineWidth = 1.2;
  draw.beginPath();
  for (const shift of [-size, 0, size]) {
    draw.moveTo(shift, size);
    draw.lineTo(shift + size, 0);
  }
  draw.stroke();
  return context.createPattern(tile, 'repeat');
}
