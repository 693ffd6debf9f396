// Making elements. Text only ever becomes text nodes: nothing here, or anywhere on the page, parses HTML.

export const $ = id => document.getElementById(id);

// Return an element with these properties, attributes (names with a dash, role) and children.
export function make(tag, properties = {}, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(properties)) {
    if (name.includes("-") || name === "role") node.setAttribute(name, value);
    else if (value !== undefined) node[name] = value;
  }
  node.append(...children.filter(child => child !== null && child !== undefined));
  return node;
}

// Run `paint` once before the next frame, however often it is asked for.
export function inNextFrame(paint) {
  let asked = false;
  return () => {
    if (asked) return;
    asked = true;
    queueMicrotask(() => { asked = false; paint(); });
  };
}
