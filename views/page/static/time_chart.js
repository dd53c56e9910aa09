// One picture over months: lines with bands, official dots, words on the picture itself.

import { asDate, isPercent, monthWords, tick as tickWords } from "./words.js";

const { area, axisBottom, bisector, extent, line, precisionFixed, scaleLinear, scaleUtc, select, utcFormat, utcMonth, utcYear } = globalThis.d3;

const WIDE = 560; // px from which there is room for names at the ends of lines
const LINE_HEIGHT = 16;
// Room for the numbers at the axis; both pictures of a pair have the same.
const LEFT = { rate: 44, share: 44, count: 92, money: 70 };
export const calm = () => matchMedia("(prefers-reduced-motion: reduce)").matches;
let count = 0;

export class TimeChart {
  #holder;
  #svg;
  #domain = null;
  #picture = null;
  #shown = null;
  #width = 0;

  // pointed(index | null): the month under the pointer, or none.
  constructor(holder, pointed) {
    this.#holder = holder;
    this.id = `chart-${(count += 1)}`;
    const svg = (this.#svg = select(holder).append("svg").attr("class", "chart").attr("role", "img")
      .attr("aria-labelledby", `${this.id}-title ${this.id}-words`));
    svg.append("title").attr("id", `${this.id}-title`);
    svg.append("desc").attr("id", `${this.id}-words`);
    for (const layer of ["ground", "grid", "bands", "lines", "dots", "names", "x-axis", "cursor"]) svg.append("g").attr("class", layer);
    svg.on("pointermove", (event) => pointed(this.#monthAt(event))).on("pointerleave", () => pointed(null));
    new ResizeObserver(() => this.#picture && holder.clientWidth !== this.#width && this.draw(this.#picture, false)).observe(holder);
  }

  /* picture: {title, words, kind, months, from, zero, least, lines: [{id, name, values: {mean, low, high}, end}],
     dots: [[month, value]], rule: {month, words}, bandWords, room: pixels for the names at the ends of lines, halves: ticks at half years} */
  draw(picture, moving = true) {
    if (this.#picture?.key !== picture.key) this.#domain = null;
    this.#picture = picture;
    const width = (this.#width = this.#holder.clientWidth);
    const height = this.#holder.clientHeight;
    if (!width || !height) return;
    const right = width >= WIDE ? picture.room : 12;
    const box = { left: LEFT[picture.kind] ?? 56, right, top: 20, bottom: picture.hideMonths ? 10 : 26, width, height };
    this.#svg.attr("viewBox", `0 0 ${width} ${height}`).attr("width", width).attr("height", height);
    this.#svg.select("title").text(picture.title);
    this.#svg.select("desc").text(picture.words);
    const months = picture.months.slice(picture.from);
    const x = scaleUtc([asDate(months[0]), asDate(months.at(-1))], [box.left, width - right]);
    const y = scaleLinear(this.#values(picture), [height - box.bottom, box.top]);
    this.#shown = { x, y, box, months };
    this.#ground();
    this.#axes();
    this.#series(moving && !calm());
    this.#names(width >= WIDE);
  }

  // The values in sight, rounded outwards. The axis stays put until a picture needs it larger or much smaller.
  #values({ lines, dots = [], from, zero, least = 0, months }) {
    const all = lines.flatMap(({ values }) => ["mean", "low", "high"].flatMap((part) => values[part]?.slice(from) ?? []));
    all.push(...dots.filter(([month]) => month >= months[from]).map(([, value]) => value));
    let [low, high] = extent(all.filter(Number.isFinite));
    if (low === undefined) [low, high] = [0, 1];
    if (zero) [low, high] = [Math.min(low, -least), Math.max(high, least)];
    else if (high - low < least) [low, high] = [low - least / 2, high + least / 2];
    const wanted = scaleLinear([low - 0.04 * (high - low), high + 0.08 * (high - low)], [0, 1]).nice(5).domain();
    const kept = this.#domain;
    if (low >= 0 && !zero) wanted[0] = Math.max(0, wanted[0]);
    const fits = kept && kept[0] <= low && kept[1] >= high && wanted[1] - wanted[0] > 0.55 * (kept[1] - kept[0]);
    return (this.#domain = fits ? kept : wanted);
  }

  #ground() {
    const { rule } = this.#picture;
    const { x, box, months } = this.#shown;
    const seen = rule && rule.month > months[0] && rule.month <= months.at(-1) ? [rule] : [];
    const ground = this.#svg.select(".ground");
    ground.selectAll("rect").data(seen).join("rect").attr("x", (one) => x(asDate(one.month))).attr("y", box.top)
      .attr("width", (one) => box.width - box.right - x(asDate(one.month))).attr("height", box.height - box.top - box.bottom);
    ground.selectAll("line").data(seen).join("line").attr("x1", (one) => x(asDate(one.month))).attr("x2", (one) => x(asDate(one.month)))
      .attr("y1", box.top).attr("y2", box.height - box.bottom);
    ground.selectAll("text").data(seen.filter((one) => one.words)).join("text").attr("x", (one) => x(asDate(one.month)) + 6).attr("y", box.top + 12)
      .text((one) => one.words);
  }

  #axes() {
    const { x, y, box } = this.#shown;
    const { kind, zero, hideMonths, signed, halves } = this.#picture;
    const ticks = y.ticks(Math.max(3, Math.floor((box.height - box.top - box.bottom) / 52)));
    const step = ticks.length > 1 ? ticks[1] - ticks[0] : 1;
    const decimals = precisionFixed(step * (isPercent(kind) ? 100 : 1));
    const words = (value, place) => {
      const text = Math.abs(value) < 1e-12 && signed ? "0" : tickWords(kind, value, decimals, place === ticks.length - 1 && !signed);
      return signed && value > 1e-12 ? `+${text}` : text;
    };
    const grid = this.#svg.select(".grid");
    grid.selectAll("line").data(ticks).join("line").attr("class", (value) => (zero && Math.abs(value) < 1e-12 ? "zero" : null))
      .attr("x1", box.left).attr("x2", box.width - box.right).attr("y1", y).attr("y2", y);
    grid.selectAll("text").data(ticks).join("text").attr("x", box.left - 8).attr("y", y).attr("dy", "0.32em")
      .attr("text-anchor", "end").text(words);
    const axis = axisBottom(x).ticks(halves ? utcMonth.every(box.width < WIDE ? 12 : 6) : utcYear.every(1)).tickSizeOuter(0).tickSizeInner(5)
      .tickFormat(halves ? (date) => monthWords(date.toISOString().slice(0, 7)) : utcFormat("%Y"));
    const bottom = this.#svg.select(".x-axis").attr("transform", `translate(0,${box.height - box.bottom})`).call(axis);
    bottom.attr("font-family", null).attr("font-size", null);
    // A month at the very end is written back from it, so that it is not cut off.
    bottom.selectAll("text").attr("display", hideMonths ? "none" : null).attr("fill", null)
      .attr("text-anchor", (date) => (halves && x(date) + 30 > box.width ? "end" : "middle"));
  }

  #series(moving) {
    const { x, y, months } = this.#shown;
    const { lines, dots = [], from } = this.#picture;
    const at = (value, place) => x(asDate(months[place]));
    const shape = line(at, y).defined(Number.isFinite);
    const shade = (one) => {
      const { low, high } = one.values;
      if (!low || !high) return null;
      return area(at, (value) => y(value[0]), (value) => y(value[1])).defined((value) => value.every(Number.isFinite))(
        months.map((_, place) => [low[from + place], high[from + place]]));
    };
    this.#paths(".bands", (one) => `band ${one.id}`, lines, shade, moving);
    this.#paths(".lines", (one) => `line ${one.id}`, lines, (one) => shape(one.values.mean.slice(from).map((value) => value ?? NaN)), moving);
    this.#svg.select(".dots").selectAll("circle").data(dots.filter(([month]) => month >= months[0] && month <= months.at(-1))).join("circle")
      .attr("r", 3).attr("cx", ([month]) => x(asDate(month))).attr("cy", ([, value]) => y(value));
  }

  #paths(layer, name, lines, shape, moving) {
    const paths = this.#svg.select(layer).selectAll("path").data(lines, (one) => one.id)
      .join((enter) => enter.append("path").attr("d", shape)).attr("class", name);
    (moving ? paths.transition().duration(220) : paths.interrupt()).attr("d", shape);
  }

  // Names at the ends of the lines, pushed apart until none covers another.
  #names(roomy) {
    const { y, box } = this.#shown;
    const { lines, bandWords } = this.#picture;
    const ends = roomy ? lines.filter((one) => one.end).map((one) => ({ ...one, at: y(one.values.mean.findLast(Number.isFinite)) })) : [];
    ends.sort((one, other) => one.at - other.at);
    const notes = roomy && bandWords ? [bandWords].flat() : [];
    const rows = [...ends.map((one) => ({ id: one.id, text: one.end, at: one.at })), ...notes.map((text) => ({ id: "note", text, at: 0 }))];
    const bottom = box.height - box.bottom;
    rows.forEach((row, place) => (row.at = place ? Math.max(row.at, rows[place - 1].at + LINE_HEIGHT) : Math.max(row.at, box.top)));
    const over = rows.length ? Math.max(0, rows.at(-1).at - bottom) : 0;
    this.#svg.select(".names").selectAll("text").data(rows).join("text").attr("class", (row) => row.id)
      .attr("x", box.width - box.right + 10).attr("y", (row) => row.at - over).attr("dy", "0.32em").text((row) => row.text);
  }

  #monthAt(event) {
    if (!this.#shown) return null;
    const { x, months } = this.#shown;
    const rect = this.#svg.node().getBoundingClientRect();
    const date = x.invert(event.clientX - rect.left);
    const place = bisector((month) => asDate(month)).center(months, date);
    return this.#picture.from + place;
  }

  // A rule at one month, or none.
  point(index) {
    if (!this.#shown) return;
    const { x, y, box } = this.#shown;
    const { lines, months, from } = this.#picture;
    const at = index === null || index < from ? [] : [x(asDate(months[index]))];
    const cursor = this.#svg.select(".cursor");
    cursor.selectAll("line").data(at).join("line").attr("x1", (one) => one).attr("x2", (one) => one)
      .attr("y1", box.top).attr("y2", box.height - box.bottom);
    const dots = at.length ? lines.filter((one) => Number.isFinite(one.values.mean[index])) : [];
    cursor.selectAll("circle").data(dots).join("circle").attr("class", (one) => one.id).attr("r", 4.5)
      .attr("cx", at[0]).attr("cy", (one) => y(one.values.mean[index]));
  }
}

// Pixels that the longest of some names takes at the end of a line.
export function roomFor(texts, size = 13) {
  const pen = document.createElement("canvas").getContext("2d");
  pen.font = `650 ${size}px ${getComputedStyle(document.body).fontFamily}`;
  return Math.ceil(Math.max(...texts.map((text) => pen.measureText(text).width))) + 18;
}

export const monthRange = (months, from) => `${monthWords(months[from])} \u2013 ${monthWords(months.at(-1))}`;
