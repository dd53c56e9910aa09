// Who gains and who loses: bars by group of people, and occupations by year as a map of colours.

import { fill, h, table } from "./dom.js";
import { keepButtons } from "./keep.js";
import { getGroups } from "./server.js";
import { roomFor } from "./time_chart.js";
import { amount, change, interval, monthWords, number, say } from "./words.js";

const { extent, interpolateRgb, scaleLinear, select } = globalThis.d3;

const ROW = 24;
const CELL = 46;
const NARROW = 560;
const sure = ({ low, high }) => low > 0 || high < 0;
const points = (effect, places) => change("rate", effect.difference, places);
const percent = ({ difference }) => (!Number.isFinite(difference) ? say("n/a") : `${difference > 0 ? "+" : ""}${number(100 * difference, 1)}\u00a0%`);
const between = ({ low, high }) => (Number.isFinite(low) ? say("95 % interval {between}", { between: interval("rate", low, high) }) : "");

export class Groups {
  #holder;
  #version;
  #from;
  #asked = null;
  #found = null;

  constructor(holder, page) {
    this.#holder = holder;
    this.#version = page.version;
    this.#from = page.today;
    this.#nothing();
    new ResizeObserver(() => this.#draw()).observe(holder);
  }

  #nothing() {
    this.#asked = this.#found = null;
    fill(this.#holder, h("p", { class: "hint" }, say("Pick a question or move a lever: men and women, young and old, sixty occupations stand here, sorted by what it does to them.")));
  }

  // Asked for with the first replications of an answer and again with all of them; the last answer stays meanwhile.
  async ask(run, { final, seeds }) {
    if (!run) return this.#nothing();
    if (this.#asked === run && final === false) return undefined;
    this.#asked = run;
    try {
      const found = await getGroups(run);
      if (this.#asked !== run) return undefined;
      this.#found = found;
      this.#build();
    } catch {
      if (this.#asked === run) this.#nothing();
    }
    return seeds;
  }

  #build() {
    const { year, who, years, occupations, seeds } = this.#found;
    this.bars = h("div", { class: "canvas-free" });
    this.map = h("div", { class: "canvas-free" });
    this.told = h("p", { class: "readout" });
    const kept = (title, unit, canvas) => keepButtons(() => ({ title, unit, parts: [{ svg: canvas.querySelector("svg") }], version: this.#version }));
    const numbers = (label, heads, rows) => h("details", { class: "numbers" }, h("summary", {}, say("The numbers behind the picture")), table(label, heads, rows));
    const work = say("Work and pay by group, {year}", { year });
    const workUnit = say("share in work, points, and median pay, %: your scenario less the baseline; lines: 95 % intervals; hollow: cannot be told from nothing");
    const jobs = say("Unemployment by occupation and year");
    const jobsUnit = say("points, your scenario less the baseline; a number where the 95 % interval leaves zero out, pale where it does not; * fewer than 100 simulated persons");
    fill(this.#holder,
      h("figure", { class: "picture" }, h("h3", {}, work), h("p", { class: "unit" }, workUnit), this.bars, kept(work, workUnit, this.bars),
        numbers(work, [say("Group"), say("Share in work"), say("95 % interval"), say("Median pay"), say("95 % interval")],
          who.map((one) => [one.label, points(one.work), interval("rate", one.work.low, one.work.high), percent(one.pay), interval("rate", one.pay.low, one.pay.high, 1)]))),
      years.length > 0 && h("figure", { class: "picture" }, h("h3", {}, jobs), h("p", { class: "unit" }, jobsUnit), this.map, this.told, kept(jobs, jobsUnit, this.map),
        numbers(jobs, [say("Occupation"), ...years.flatMap((each) => [String(each), say("95 % interval")])],
          occupations.map((one) => [one.label, ...years.flatMap((each) => {
            const cell = one.cells[each];
            return cell ? [points(cell), interval("rate", cell.low, cell.high)] : ["", ""];
          })]))),
      h("p", { class: "hint" }, String(years[0]) === this.#from.slice(0, 4)
        ? say("From {n} pairs of runs; {year} counts from {month} on.", { n: number(seeds), year: years[0], month: monthWords(this.#from) })
        : say("From {n} pairs of runs.", { n: number(seeds) })));
    this.#draw();
  }

  #draw() {
    const width = this.#holder.clientWidth;
    if (!this.#found || !width || !this.bars) return;
    drawBars(this.bars, this.#found.who, width);
    if (this.#found.years.length) drawMap(this.map, this.#found, width, (words) => (this.told.textContent = words));
  }
}

function sheet(holder, width, height, words) {
  const svg = select(holder).selectAll("svg").data([0]).join("svg").attr("class", "chart").attr("role", "img").attr("aria-label", words)
    .attr("width", width).attr("height", height).attr("viewBox", `0 0 ${width} ${height}`);
  svg.selectAll("*").remove();
  return svg;
}

// Two panels, work and pay; one under the other where it is narrow.
function drawBars(holder, who, width) {
  const narrow = width < NARROW;
  const room = roomFor(who.map((one) => `${one.label}*`), 13) + 6;
  const wide = (width - room) / (narrow ? 1 : 2) - 30;
  const [head, tall] = [44, 44 + who.length * ROW];
  const svg = sheet(holder, width, narrow ? 2 * tall : tall, who.map((one) => `${one.label} ${points(one.work)}`).join(say(", ")));
  for (const [place, part] of ["work", "pay"].entries()) {
    const panel = svg.append("g").attr("transform", narrow ? `translate(0,${place * tall})` : `translate(${place * (wide + 44)},0)`);
    const x = scaleLinear(extent([0, ...who.flatMap((one) => [one[part].difference, one[part].low, one[part].high])].filter(Number.isFinite)), [room, room + wide]).nice(4);
    const ticks = x.ticks(4);
    const grid = panel.append("g").attr("class", "grid");
    grid.selectAll("line").data(ticks).join("line").attr("class", (value) => (value === 0 ? "zero" : null)).attr("x1", x).attr("x2", x).attr("y1", head - 4).attr("y2", tall);
    const fine = Math.max(...ticks.map(Math.abs)) < 0.02 ? 1 : 0;
    grid.selectAll("text").data(ticks).join("text").attr("x", x).attr("y", 34).attr("text-anchor", "middle").text((value) => `${value > 0 ? "+" : ""}${number(100 * value, fine)}`);
    panel.append("text").attr("class", "named").attr("x", room).attr("y", 14).text(part === "work" ? say("Share in work, points") : say("Median pay, %"));
    const row = panel.selectAll("g.row").data(who).join("g").attr("class", (one) => `row ${one[part].difference < 0 ? "loses" : "gains"}${sure(one[part]) ? "" : " unsure"}`)
      .attr("transform", (_, index) => `translate(0,${head + index * ROW})`);
    row.append("rect").attr("x", (one) => Math.min(x(0), x(one[part].difference))).attr("width", (one) => Math.abs(x(one[part].difference) - x(0))).attr("y", 4).attr("height", ROW - 9);
    row.append("path").attr("d", (one) => (Number.isFinite(one[part].low) ? `M${x(one[part].low)},${ROW / 2}H${x(one[part].high)}` : null));
    if (narrow || place === 0) row.append("text").attr("x", room - 8).attr("y", ROW / 2).attr("dy", "0.32em").attr("text-anchor", "end").text((one) => one.label + (one.flagged ? "*" : ""));
    row.append("title").text((one) => `${one.label}: ${part === "work" ? points(one.work) : percent(one.pay)} ${between(one[part])}`);
  }
}

// As many columns of occupations as there is room for; orange where unemployment rises, blue where it falls.
function drawMap(holder, { years, occupations }, width, tell) {
  const room = roomFor(occupations.map((one) => `${one.label}*`), 12) + 4;
  const cells = Math.min(CELL, Math.max(20, (width - room) / years.length));
  const columns = Math.max(1, Math.min(3, Math.floor(width / (room + years.length * cells + 12))));
  const tall = Math.ceil(occupations.length / columns);
  const svg = sheet(holder, width, 22 + tall * 20, say("Unemployment by occupation and year"));
  const most = Math.max(...occupations.flatMap((one) => Object.values(one.cells)).map((cell) => Math.abs(cell.difference)), 1e-6);
  const look = getComputedStyle(holder);
  const [paper, up, down] = ["--paper", "--gap", "--reform"].map((name) => look.getPropertyValue(name).trim());
  const colour = (value) => interpolateRgb(paper, value > 0 ? up : down)(Math.sqrt(Math.abs(value) / most));
  const strong = (value) => Math.sqrt(Math.abs(value) / most) > 0.75;
  for (let column = 0; column < columns; column += 1) {
    const block = svg.append("g").attr("transform", `translate(${column * (width / columns)},0)`);
    block.selectAll("text.year").data(years).join("text").attr("class", "year").attr("x", (_, place) => room + (place + 0.5) * cells).attr("y", 14).attr("text-anchor", "middle").text((year) => year);
    const rows = block.selectAll("g").data(occupations.slice(column * tall, (column + 1) * tall)).join("g").attr("transform", (_, place) => `translate(0,${22 + place * 20})`);
    rows.append("text").attr("class", "named").attr("x", room - 6).attr("y", 10).attr("dy", "0.32em").attr("text-anchor", "end").text((one) => one.label + (one.flagged ? "*" : ""));
    const cell = rows.selectAll("g").data((one) => years.map((year) => ({ year, label: one.label, ...one.cells[year] }))).join("g").filter((one) => Number.isFinite(one.difference));
    cell.append("rect").attr("class", "cell").attr("x", (one) => room + years.indexOf(one.year) * cells).attr("width", cells - 1).attr("height", 19).attr("fill", (one) => colour(one.difference)).attr("fill-opacity", (one) => (sure(one) ? 1 : 0.3));
    cell.filter(sure).append("text").attr("class", (one) => (strong(one.difference) ? "strong" : "named")).attr("x", (one) => room + (years.indexOf(one.year) + 0.5) * cells).attr("y", 10).attr("dy", "0.32em")
      .attr("text-anchor", "middle").text((one) => change("rate", one.difference, 1, false));
    const words = (one) => `${one.label}, ${one.year}: ${points(one)} (${between(one)}), ${say("baseline {value}", { value: amount("rate", one.baseline) })}`;
    cell.append("title").text(words);
    cell.on("pointerenter", (_, one) => tell(words(one))).on("pointerleave", () => tell(""));
  }
}
