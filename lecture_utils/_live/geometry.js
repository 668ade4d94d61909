// @ts-check
// Where things stand, and how numbers are said: the same sums as in arrows.py and motion.py.
const BORDER = 1e-6; // so far off the axes, a point counts as on their border

// Where a point given in fractions of the axes stands on the picture.
export const onPicture = ([left, top, width, height], x, y) => [left + x * width, top + (1 - y) * height];
export const short = (value) => Math.round(clamp(value, -1e6, 1e6) * 100) / 100; // farther, a browser cannot draw

// The path data of a mark: `line` joins its points, `dots`, if wanted, is a zero-length stroke at each, `head` at the
// last one, `arrow` points there.
export function pathData(mark, drawn) {
  const { xs, ys, first, count } = drawn;
  let line = "", dots = "", last = null, before = null, joined = false;
  for (let k = first; k < count; k++) {
    if (Number.isNaN(xs[k]) || Number.isNaN(ys[k])) { joined = false; continue; }
    before = last;
    last = onPicture(mark.box, xs[k], ys[k]);
    const place = `${short(last[0])} ${short(last[1])}`;
    line += `${joined ? "L" : "M"}${place}`;
    if (mark.widths.dots) dots += `M${place}h0`;
    joined = true;
  }
  const arrow = !mark.widths.arrow ? "" : mark.beyond ? arrowBeyond(mark, drawn) :
    before ? arrowhead(last, last[0] - before[0], last[1] - before[1], mark.widths.arrow) : "";
  return { line, dots, arrow, head: last ? `M${short(last[0])} ${short(last[1])}h0` : "" };
}

// The same as in arrows.py: where the last of some points is shown, and which way it lies if it is outside the axes.
export function atBorder({ xs, ys, count }, how) {
  const from = [xs[0], ys[0]], to = [xs[count - 1], ys[count - 1]];
  if (!how || to.some(Number.isNaN) || to.every(isInside)) return { place: to, way: null };
  const share = Math.min(...to.map((part, i) =>
    isInside(part) ? 1 : part > 1 ? (1 - from[i]) / (part - from[i]) : from[i] / (from[i] - part)));
  const place = to.map((part, i) => clamp(how === "ray" ? from[i] + share * (part - from[i]) : part, 0, 1));
  const beyond = to.map((part, i) => part - place[i]), most = Math.max(...beyond.map(Math.abs));
  return { place, way: beyond.map((part) => part / most) };
}

/** The same as in arrows.py: how words beside the last of some points are anchored there, and how far off they are.
 * @param {number[]} place
 * @returns {[string, number, number]} */
export function beside(place, { xs, ys, count }, { box, clip: [, , whole], size }, length) {
  const [x, y] = onPicture(box, place[0], place[1]), high = place[1] > 0.85;
  const way = Array.from({ length: count }, (_, k) => onPicture(box, xs[k], ys[k]));
  const starts = x + 12 + length < whole ? [["start", 12, x + 12, 0]] : [];
  const ends = x - 12 - length > box[0] ? [["end", -12, x - 12 - length, 0]] : [];
  const middle = clamp(x, length / 2, whole - length / 2);
  const sides = place[0] < 0.62 ? [...starts, ...ends] : [...ends, ...starts];
  sides.push(["middle", middle - x, middle - length / 2, 14]);
  for (const near of DOWN) {
    for (const [anchor, right, left, away] of sides) {
      const down = near + Math.sign(near) * away, top = y + down - 0.8 * size, bottom = y + down + 0.25 * size;
      const fits = top >= box[1] - 2 && bottom <= box[1] + box[3] + 2;
      if (fits && !meets(way, [left, top], [left + length, bottom])) return [anchor, right, down];
    }
  }
  const [anchor, right, , away] = sides[0];
  return [anchor, right, high ? 20 + away : -10 - away];
}
// How far under the point the words may stand, the best first.
const DOWN = Array.from({ length: 24 }, (_, k) => [-10 - 12 * k, 20 + 12 * k]).flat();

// Whether a line between two neighbours of some points goes through a box.
function meets(way, low, high) {
  for (let k = 1; k < way.length; k++) {
    let first = 0, last = 1;
    for (let axis = 0; axis < 2; axis++) {
      const start = way[k - 1][axis], length = way[k][axis] - start;
      const one = (low[axis] - start) / length, other = (high[axis] - start) / length;
      first = Math.max(first, Math.min(one, other));
      last = Math.min(last, Math.max(one, other));
    }
    if (first <= last) return true;
  }
  return false;
}
export const lengthOf = (text, size) => 0.62 * size * [...text].length; // rather too much than too little

function arrowBeyond({ box, beyond, widths }, drawn) {
  const { place, way } = atBorder(drawn, beyond);
  if (!way) return "";
  const [across, up] = [way[0] * box[2], way[1] * box[3]], far = 1e3 / Math.hypot(across, up);
  return arrowhead(onPicture(box, place[0], place[1]), across * far, -up * far, widths.arrow);
}

function arrowhead(tip, right, down, wanted) {
  const [x, y] = tip, far = Math.hypot(right, down), length = Math.min(wanted, 0.7 * far);
  if (!(length > 1)) return "";
  const [dx, dy] = [right / far * length, down / far * length];
  const point = (right, down) => `${short(x + right)} ${short(y + down)}`;
  return `M${point(dy / 2 - dx, -dy - dx / 2)}L${point(0, 0)}L${point(-dx - dy / 2, dx / 2 - dy)}`;
}

export const isInside = (part) => part >= -BORDER && part <= 1 + BORDER;
export const clamp = (value, low, high) => Math.min(Math.max(value, low), high);

// The same as in motion.py.
export function number(value, digits) {
  const size = Math.abs(value), sign = value < 0 ? "−" : "";
  if (size === 0) return "0";
  if (!(size <= 3.4028234663852886e38)) return `${sign}∞`;
  const [mantissa, power] = size.toExponential(digits - 1).split("e");
  if (Math.abs(Number(power)) < 4) return sign + size.toFixed(Math.max(digits - 1 - Number(power), 0));
  return `${sign}${mantissa}·10${String(Number(power)).replace(/./g, (letter) => SUPERSCRIPTS[letter])}`;
}
const SUPERSCRIPTS = { "-": "⁻", ...Object.fromEntries([..."⁰¹²³⁴⁵⁶⁷⁸⁹"].map((letter, digit) => [digit, letter])) };

// What is seen of a pulse along some points whose head has come so far, and of words that arrive with it: those before,
// and then what is new, of which the last number counts up from theirs.
const PART = 0.4, SAMPLES = 8, NUMBER = /(?<=^|\s)−?\d+(\.\d+)?$/;
export function running({ xs, ys, count }, head) {
  const parts = Array.from({ length: SAMPLES + 1 }, (_, k) => clamp(head - PART * (1 - k / SAMPLES), 0, 1));
  const along = (values) => parts.map((part) => {
    const at = part * (count - 1), k = Math.min(Math.floor(at), count - 2);
    return values[k] + (at - k) * (values[k + 1] - values[k]);
  });
  return { xs: along(xs), ys: along(ys), first: 0, count: SAMPLES + 1 };
}
export function arriving(before, said, share) {
  if (share < 0) return before;
  const [from, to] = [before, said].map((text) => text.match(NUMBER)?.[0]);
  if (!from || !to) return said;
  const [low, high] = [from, to].map((text) => Number(text.replace("−", "-")));
  const digits = to.split(".")[1]?.length ?? 0;
  return said.replace(NUMBER, (low + share * (high - low)).toFixed(digits).replace("-", "−"));
}

// What is seen on the way from one state to another: a line that grows does so along itself, and so does its head.
export function between(from, to, share) {
  if (!from || share === 1) return to;
  const mix = (one, other) => (Number.isNaN(one) ? other : one + share * (other - one));
  const xs = to.xs.map((x, k) => mix(from.xs[k], x)), ys = to.ys.map((y, k) => mix(from.ys[k], y));
  const grown = mix(from.count, to.count), count = Math.ceil(grown), last = count - 1;
  if (last > 0) for (const values of [xs, ys]) values[last] += (count - grown) * (values[last - 1] - values[last]);
  return { xs, ys, count, first: Math.min(Math.round(mix(from.first, to.first)), Math.max(last, 0)) };
}
