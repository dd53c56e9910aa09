// The causes of youth unemployment one after another, each with its interval, and what they add up to.

import { roomFor } from "./time_chart.js";
import { change, interval, number, say } from "./words.js";

const { extent, scaleLinear, select } = globalThis.d3;

const NARROW = 560;
let count = 0;
export const capital = (text) => text.charAt(0).toUpperCase() + text.slice(1);

export class Waterfall {
  #holder;
  #found;

  constructor(holder, found, title) {
    this.#holder = holder;
    this.#found = found;
    const id = `waterfall-${(count += 1)}`;
    this.svg = select(holder).append("svg").attr("class", "chart waterfall").attr("role", "img").attr("aria-labelledby", `${id}-title ${id}-words`);
    this.svg.append("title").attr("id", `${id}-title`).text(title);
    this.svg.append("desc").attr("id", `${id}-words`).text(this.#words());
    for (const layer of ["grid", "bars", "whiskers", "names"]) this.svg.append("g").attr("class", layer);
    new ResizeObserver(() => this.draw()).observe(holder);
  }

  // Points as the fractions that words.js expects.
  static points = (value, places = 2) => change("rate", value / 100, places);
  // Whether an effect can be told from nothing.
  static sure = ({ effect_pp: effect, low_pp: low, high_pp: high }) => !effect || !Number.isFinite(low) || low > 0 || high < 0;
  static interval = ({ low_pp: low, high_pp: high }) => interval("rate", low / 100, high / 100, 2);

  #words() {
    const causes = this.#found.causes.map((one) => `${one.label} ${Waterfall.sure(one) ? Waterfall.points(one.effect_pp) : Waterfall.interval(one)}`);
    return [...causes, `${say("All causes together")} ${Waterfall.points(this.#found.total.effect_pp)}`].join(say(", "));
  }

  // Every cause from where the last one ended; the total from nothing.
  get #rows() {
    let sum = 0;
    const rows = this.#found.causes.map((one) => ({ ...one, label: capital(one.label), from: sum, to: (sum += one.effect_pp) }));
    const { total } = this.#found;
    return [...rows, { ...total, label: say("All causes together"), from: 0, to: total.effect_pp }];
  }

  draw() {
    const width = this.#holder.clientWidth;
    if (!width) return;
    const narrow = width < NARROW;
    const rows = this.#rows;
    const room = narrow ? 8 : roomFor(rows.map((one) => one.label), 14);
    const [row, left, right, top] = [narrow ? 56 : 44, room, narrow ? 8 : 110, 26];
    const height = top + rows.length * row + 8;
    const reach = rows.flatMap((one) => [one.from, one.to, ...this.#interval(one)]);
    const x = scaleLinear(extent([0, ...reach]), [left, width - right]).nice(6);
    const middle = (place) => top + place * row + (narrow ? 36 : row / 2);
    this.svg.attr("width", width).attr("height", height).attr("viewBox", `0 0 ${width} ${height}`);
    this.#grid(x, top, height, width);
    this.#bars(rows, x, middle, narrow ? 16 : 20);
    this.#whiskers(rows, x, middle);
    this.#names(rows, x, middle, { narrow, left, right, width });
  }

  #interval(one) {
    return Number.isFinite(one.low_pp) && Number.isFinite(one.high_pp) ? [one.from + one.low_pp, one.from + one.high_pp] : [];
  }

  #grid(x, top, height, width) {
    const ticks = x.ticks(Math.max(3, Math.floor(width / 110)));
    const grid = this.svg.select(".grid");
    grid.selectAll("line").data(ticks).join("line").attr("class", (value) => (value === 0 ? "zero" : null))
      .attr("x1", x).attr("x2", x).attr("y1", top - 6).attr("y2", height - 4);
    grid.selectAll("text").data(ticks).join("text").attr("x", x).attr("y", top - 12).attr("text-anchor", "middle")
      .text((value) => (value > 0 ? `+${number(value, value % 1 ? 1 : 0)}` : number(value, value % 1 ? 1 : 0)));
  }

  #bars(rows, x, middle, thick) {
    const kind = (one) => `${one.cause === "total" ? "total" : one.effect_pp >= 0 ? "adds" : "takes"}${Waterfall.sure(one) ? "" : " unsure"}`;
    const bars = this.svg.select(".bars");
    bars.selectAll("rect").data(rows).join("rect").attr("class", kind)
      .attr("x", (one) => Math.min(x(one.from), x(one.to))).attr("width", (one) => one.effect_pp && Math.max(1.5, Math.abs(x(one.to) - x(one.from))))
      .attr("y", (_, place) => middle(place) - thick / 2).attr("height", thick);
    bars.selectAll("line").data(rows.slice(0, -1)).join("line").attr("x1", (one) => x(one.to)).attr("x2", (one) => x(one.to))
      .attr("y1", (_, place) => middle(place) - thick / 2).attr("y2", (_, place) => middle(place + 1) + thick / 2);
  }

  #whiskers(rows, x, middle) {
    const known = rows.map((one, place) => ({ span: this.#interval(one), place })).filter(({ span }) => span.length);
    this.svg.select(".whiskers").selectAll("path").data(known).join("path").attr("d", ({ span, place }) => {
      const [low, high, y] = [x(span[0]), x(span[1]), middle(place)];
      return `M${low},${y - 5}V${y + 5}M${low},${y}H${high}M${high},${y - 5}V${y + 5}`;
    });
  }

  #names(rows, x, middle, { narrow, left, right, width }) {
    const names = this.svg.select(".names");
    names.selectAll("text.cause").data(rows).join("text").attr("class", (one) => `cause ${one.cause === "total" ? "total" : ""}`)
      .attr("x", narrow ? 0 : left - 14).attr("text-anchor", narrow ? "start" : "end")
      .attr("y", (_, place) => middle(place) - (narrow ? 18 : 0)).attr("dy", "0.32em").text((one) => one.label);
    names.selectAll("text.effect").data(rows).join("text").attr("class", (one) => `effect ${one.cause === "total" ? "total" : ""}`)
      .attr("x", narrow ? width : width - right + 12).attr("text-anchor", narrow ? "end" : "start")
      .attr("y", (_, place) => middle(place) - (narrow ? 18 : 0)).attr("dy", "0.32em")
      .text((one) => (Waterfall.sure(one) ? change("rate", one.effect_pp / 100, 2, !narrow) : Waterfall.interval(one)));
  }
}
