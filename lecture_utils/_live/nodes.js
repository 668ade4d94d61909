// @ts-check
// Parts of an SVG.
const SVG = "http://www.w3.org/2000/svg";

// Sets attributes; what is as it was is left alone, or else the page would be laid out anew for it. To remember is far
// faster than to ask the page.
const known = new WeakMap();
function isNew(node, key, value) {
  const seen = known.get(node) ?? {};
  if (seen[key] === value) return false;
  seen[key] = value;
  known.set(node, seen);
  return true;
}
export function put(node, attributes) {
  for (const [key, value] of Object.entries(attributes)) if (isNew(node, key, value)) node.setAttribute(key, String(value));
  return node;
}
export function write(node, text) {
  if (isNew(node, "", text)) node.textContent = text;
}

export function element(name, attributes, parent) {
  const node = put(document.createElementNS(SVG, name), attributes);
  parent.append(node);
  return node;
}

export function html(name, attributes, parent = null) {
  const node = put(document.createElement(name), attributes);
  parent?.append(node);
  return node;
}

// Shows one of some images. While they change, the one seen before fades out.
export function show(images, shown, before = shown, share = 1) {
  images.forEach((image, index) => {
    const opacity = before === shown || share === 1 ? Number(index === shown) :
      index === shown ? share : index === before ? 1 - share : 0;
    put(image, { visibility: opacity ? "visible" : "hidden", opacity });
  });
}
