// @ts-check
// Looks up in the table of a LivePicture what the reader has chosen.
// Positions are 16-bit: 0 … 65534 cover three boxes' widths, the middle one being the axes; 65535 is a gap. Here they
// are fractions of the axes, and a gap is NaN.
import { clamp, isInside, number, onPicture } from "./geometry.js";

const GAP = 65535;

export function reader(model) {
  const scene = model.get("scene"), view = model.get("table");
  const bytes = view.buffer.slice(view.byteOffset, view.byteOffset + view.byteLength);
  const table = new Uint16Array(bytes, 0, scene.positions);
  const factors = new Float32Array(bytes, 4 * Math.ceil(scene.positions / 2));
  // A list by choices is flat; its row is found as in a C array. What is imagined stands before what is chosen.
  const row = (by, imagined = {}) =>
    by.reduce((index, name) => index * scene.choices[name] + (imagined[name] ?? model.get(name)), 0);

  // The same as in motion.py: where a point stands, and the numbers that follow it.
  const placed = ({ point, low, high }) => model.get(point).map((at, axis) => clamp(at, low[axis], high[axis]));
  function numbers({ motion: index, weights, constant, power }, imagined) {
    const motion = scene.motions[index], { points, offset, origin } = motion;
    const [x, y] = placed(motion).map((at, axis) => at - origin[axis]);
    const along = motion.directions.map((direction) => direction[0] * x + direction[1] * y);
    const start = offset + row(motion.by, imagined) * points * 2, values = new Float64Array(points);
    for (let k = 0; k < points; k++) {
      let value = constant;
      for (let i = 0; i < 2; i++) {
        const deviation = along[i] && clamp(along[i] * factors[start + 2 * k + i], -1e150, 1e150);
        value += weights[i] * (power === 1 ? deviation : deviation * deviation);
      }
      values[k] = value;
    }
    return values;
  }

  // One coordinate of all points of a mark, in fractions of its axes. Many marks follow a motion in the same way.
  const names = new Map(), followed = new Map();
  function following(column, imagined) {
    const { low, high, log, motion } = column, length = high - low;
    const name = names.get(column) ?? JSON.stringify(column);
    names.set(column, name);
    const at = `${placed(scene.motions[motion])} ${row(scene.motions[motion].by, imagined)}`;
    if (followed.get(name)?.at !== at) {
      const scaled = log ? (value) => Math.log10(Math.max(value, 1e-300)) : (value) => value;
      followed.set(name, { at, values: numbers(column, imagined).map((value) => (scaled(value) - low) / length) });
    }
    return followed.get(name).values;
  }
  // Most rows stay while something moves: the one asked for last is kept.
  const kept = new Map();
  function fractions(column, points, imagined) {
    if (column.weights) return following(column, imagined);
    const start = column.offset + row(column.by, imagined) * points;
    if (kept.get(column)?.start !== start) {
      const values = new Float64Array(points);
      for (let k = 0; k < points; k++) values[k] = table[start + k] === GAP ? NaN : table[start + k] / 65534 * 3 - 1;
      kept.set(column, { start, values });
    }
    return kept.get(column).values;
  }
  function drawnPart(mark, imagined) {
    const xs = fractions(mark.x, mark.points, imagined), ys = fractions(mark.y, mark.points, imagined);
    let count = mark.until ? mark.until.counts[row(mark.until.by, imagined)] : mark.points;
    for (let k = 0; mark.leaves && k < count; k++) if (!isInside(xs[k]) || !isInside(ys[k])) count = k + 1;
    const last = mark.beyond || mark.texts ? 1 : mark.last ?? count;
    return { xs, ys, count, first: Math.max(count - last, 0) };
  }
  // Where a mark would be taken hold of: at its last point, or nowhere.
  function placeOf(mark, imagined) {
    const { xs, ys, first, count } = drawnPart(mark, imagined);
    let k = count - 1;
    while (k >= first && (Number.isNaN(xs[k]) || Number.isNaN(ys[k]))) k--;
    const far = Math.max(Math.abs(xs[k] - 0.5), Math.abs(ys[k] - 0.5));
    return k < first || (mark.widths && far > 0.52) ? null : onPicture(mark.box, xs[k], ys[k]);
  }

  function field({ rows, by }) {
    const said = rows[row(by)];
    if (typeof said === "string") return said;
    const value = numbers(said)[said.at.rows[row(said.at.by)]];
    return Math.abs(value) < said.floor ? said.low : said.sign + number(value, said.digits);
  }
  const words = ({ template, fields, rows, by }) =>
    (template ? template.replace(/\{(\w+)\}/g, (_, name) => field(fields[name])) : rows[row(by)]);

  return { row, placed, drawnPart, placeOf, words };
}
