// A picture to keep: what is drawn, with its title, unit, key, source and version in it, as SVG or PNG.

import { copyButton, h } from "./dom.js";
import { say } from "./words.js";

const XMLNS = "http://www.w3.org/2000/svg";
const MARGIN = 20;
const SHARP = 2; // pixels of a PNG for each of the screen
// What style sheets give to a drawing, and a file must say itself.
const STYLE = ["fill", "stroke", "stroke-width", "stroke-dasharray", "stroke-linecap", "stroke-linejoin", "opacity", "fill-opacity", "paint-order",
  "font-family", "font-size", "font-weight", "font-variant-numeric", "text-anchor", "display"];

const cited = new Map();

// Every citation says what its picture shows now, and links to what is asked now.
export function recite() {
  for (const [line, write] of cited) line.isConnected ? write() : cited.delete(line);
}

const sourceOf = ({ version, official }) => [say("Source: China Labour Lab {version}, an agent-based simulation.", { version }),
  official && say("Official months: National Bureau of Statistics of China.")].filter(Boolean).join(" ");

// The line under a picture that says how to cite it: title, source, version, and the address that shows it again.
function citation(told) {
  const [words, link, text] = [h("span"), h("a", {}, say("Link")), () => `${words.textContent} ${link.href}`];
  const line = h("span", { class: "cite" }, words, " ", link, " ", copyButton(text));
  const write = () => {
    const picture = told();
    words.textContent = `${say("“{title}”.", { title: picture.title })} ${sourceOf(picture)}`;
    link.href = location.href.replace(/#.*/, "");
  };
  cited.set(line, write);
  queueMicrotask(write); // the picture is not on the page yet
  return line;
}

// Buttons that save, and a line that cites, what `told` says is to be kept: {title, unit, legend, parts: [{title, unit, svg}], notes, official, version}.
export function keepButtons(told) {
  const button = (form) => h("button", { type: "button", class: "quiet", "data-keep": form, on: { click: () => keep(told(), form) } }, form.toUpperCase());
  return h("div", { class: "keep" }, h("span", {}, say("Keep this picture:"), " ", button("png"), " ", button("svg")), citation(told));
}

async function keep(told, form) {
  const drawn = composed(told);
  const text = new XMLSerializer().serializeToString(drawn);
  const file = new Blob([text], { type: "image/svg+xml" });
  const content = form === "svg" ? file : await painted(file, drawn);
  const address = URL.createObjectURL(content);
  h("a", { href: address, download: `${told.title.toLowerCase().replace(/[^\p{L}\p{N}]+/gu, "-").replace(/^-|-$/g, "")}.${form}` }).click();
  setTimeout(() => URL.revokeObjectURL(address), 60_000);
}

async function painted(file, drawn) {
  const [image, address] = [new Image(), URL.createObjectURL(file)];
  image.src = address;
  await image.decode();
  const canvas = h("canvas", { width: SHARP * drawn.getAttribute("width"), height: SHARP * drawn.getAttribute("height") });
  canvas.getContext("2d").drawImage(image, 0, 0, canvas.width, canvas.height);
  URL.revokeObjectURL(address);
  return new Promise((done) => canvas.toBlob(done, "image/png"));
}

function node(tag, props, text) {
  const element = document.createElementNS(XMLNS, tag);
  for (const [name, value] of Object.entries(props)) element.setAttribute(name, value);
  if (text !== undefined) element.textContent = text;
  return element;
}

// The whole sheet: words from top to bottom, the drawings between them.
function composed({ title, unit, legend, parts, notes = [], official = false, version }) {
  const widths = parts.map(({ svg }) => svg.getBoundingClientRect().width);
  const width = Math.max(360, ...widths) + 2 * MARGIN;
  const look = getComputedStyle(document.body);
  const [ink, quiet] = ["--ink", "--quiet"].map((name) => look.getPropertyValue(name).trim());
  const pen = document.createElement("canvas").getContext("2d");
  const sheet = node("svg", { xmlns: XMLNS, width, "font-family": look.fontFamily.replaceAll('"', "'") });
  let y = MARGIN;
  const write = (text, size, weight, colour) => {
    pen.font = `${weight} ${size}px ${look.fontFamily}`;
    for (const line of wrapped(text, pen, width - 2 * MARGIN)) {
      y += 1.3 * size;
      sheet.append(node("text", { x: MARGIN, y, "font-size": size, "font-weight": weight, fill: colour }, line));
    }
  };
  write(title, 18, 700, ink);
  if (unit) write(unit, 13, 400, quiet);
  if (legend) y = keys(sheet, legend, y + 8, width, pen, ink);
  for (const part of parts) {
    if (part.title) write(part.title, 14, 700, ink);
    if (part.unit) write(part.unit, 12, 400, quiet);
    const box = part.svg.getBoundingClientRect();
    const copy = dressed(part.svg);
    for (const [name, value] of Object.entries({ x: MARGIN, y: y + 8, width: box.width, height: box.height })) copy.setAttribute(name, value);
    sheet.append(copy);
    y += box.height + 14;
  }
  for (const one of [...notes, sourceOf({ version, official })]) write(one, 11, 400, quiet);
  const height = Math.ceil(y + MARGIN);
  sheet.setAttribute("height", height);
  sheet.setAttribute("viewBox", `0 0 ${width} ${height}`);
  sheet.prepend(node("title", {}, title), node("rect", { width, height, fill: look.backgroundColor }));
  return sheet;
}

function wrapped(text, pen, room) {
  const lines = [""];
  for (const word of text.match(/[\u3000-\u9fff\uff00-\uffef]|[^\s\u3000-\u9fff\uff00-\uffef]+\s*|\s+/g) ?? []) {
    if (lines.at(-1) && pen.measureText(lines.at(-1) + word.trimEnd()).width > room) lines.push("");
    lines[lines.length - 1] += word;
  }
  return lines;
}

// The key of a picture, each sample drawn as the page's style sheet has it.
function keys(sheet, legend, top, width, pen, ink) {
  let [x, y] = [MARGIN, top + 12];
  pen.font = `400 13px ${getComputedStyle(document.body).fontFamily}`;
  for (const item of legend.children) {
    const text = item.textContent;
    const wide = pen.measureText(text).width + 56;
    if (x > MARGIN && x + wide > width - MARGIN) [x, y] = [MARGIN, y + 20];
    const { borderTopWidth: thick, borderTopColor: stroke, borderTopStyle: dash, backgroundColor: fill, opacity, borderRadius } = getComputedStyle(item.firstChild);
    sheet.append(parseFloat(thick)
      ? node("line", { x1: x, x2: x + 27, y1: y - 4, y2: y - 4, stroke, "stroke-width": thick, "stroke-dasharray": { dashed: "6 4", dotted: "2 3" }[dash] ?? "none" })
      : borderRadius === "50%" ? node("circle", { cx: x + 13, cy: y - 4, r: 4, fill }) : node("rect", { x, y: y - 11, width: 27, height: 13, fill, opacity }));
    sheet.append(node("text", { x: x + 34, y, "font-size": 13, fill: ink }, text));
    x += wide;
  }
  return y + 6;
}

// A copy of a drawing that needs no style sheet.
function dressed(svg) {
  const copy = svg.cloneNode(true);
  const copies = [copy, ...copy.querySelectorAll("*")];
  for (const [place, own] of [svg, ...svg.querySelectorAll("*")].entries()) {
    const look = own.ownerDocument.defaultView.getComputedStyle(own);
    for (const name of STYLE) copies[place].style.setProperty(name, look.getPropertyValue(name));
    if (own.tagName === "circle") copies[place].setAttribute("r", look.getPropertyValue("r"));
    copies[place].removeAttribute("class");
  }
  return copy;
}
