// Baseline and reform on the same axes, their difference beneath, and the numbers behind both.

import { fill, h, table } from "./dom.js";
import { keepButtons } from "./keep.js";
import { TimeChart, monthRange, roomFor } from "./time_chart.js";
import { amount, change, interval, isPercent, monthWords, percentOf, places, say } from "./words.js";

// The least span of the axes, so that an effect of nothing does not look like a storm.
const LEAST = { rate: { level: 0.02, difference: 0.0025 }, share: { level: 0.02, difference: 0.0025 }, index: { level: 4, difference: 0.5 } };

export class Pictures {
  #page;
  #answer = null;
  #isBaseline = true;
  #indicator;
  #from;
  #pointed = null;

  #chosen;

  // chosen(indicator): told when another picture is chosen.
  constructor(holder, page, chosen) {
    this.#page = page;
    this.#chosen = chosen;
    this.#indicator = page.charts[0].indicator;
    this.#from = Math.max(0, page.months.indexOf(page.first_shown ?? "2023-01"));
    this.title = h("h3", { id: "picture-title" });
    this.unit = h("p", { class: "unit" });
    this.legend = h("ul", { class: "legend", "aria-label": say("How to read the picture") });
    this.readout = h("p", { class: "readout" });
    const [level, difference] = [h("div", { class: "canvas level" }), h("div", { class: "canvas difference" })];
    this.gapTitle = h("h4", {});
    this.gapUnit = h("p", { class: "unit" });
    this.gap = h("div", { class: "gap" }, this.gapTitle, this.gapUnit, difference);
    const plot = h("div", { class: "plot", tabindex: "0", role: "group", "aria-label": say("Picture over months. Left and right arrow keys read out one month after another."), on: {
      keydown: (event) => this.#step(event), blur: () => this.#point(null) } }, level, this.gap);
    this.numbers = h("details", { class: "numbers" }, h("summary", {}, say("The numbers behind the picture")));
    this.numbers.addEventListener("toggle", () => this.#table());
    holder.append(h("figure", { class: "picture", "aria-labelledby": "picture-title" },
      h("div", { class: "picture-head" }, h("div", {}, this.title, this.unit), h("div", { class: "picture-choice" }, this.#choice(), this.#span())),
      this.legend, plot, this.readout, keepButtons(() => this.#kept(level, difference)), this.numbers));
    const pointed = (index) => this.#point(index);
    this.charts = { level: new TimeChart(level, pointed), difference: new TimeChart(difference, pointed) };
  }

  // What a picture to keep holds: the difference where there is one.
  #kept(level, difference) {
    const part = (canvas, words = {}) => ({ svg: canvas.querySelector("svg"), ...words });
    const gap = part(difference, { title: this.gapTitle.textContent, unit: this.gapUnit.textContent });
    return { title: this.title.textContent, unit: this.unit.textContent, legend: this.legend, official: Boolean(this.#page.official?.[this.#indicator]), version: this.#page.version,
      parts: this.#isBaseline ? [part(level)] : [part(level), gap], notes: this.#isBaseline ? [] : this.#answer.sentences.slice(0, 1) };
  }

  get indicator() {
    return this.#indicator;
  }

  show(indicator) {
    this.#indicator = indicator;
    this.select.value = indicator;
    this.draw(this.#answer, this.#isBaseline, false);
  }

  // Everything that can be drawn, the cards' numbers and more.
  #choice() {
    this.select = h("select", { "aria-label": say("Choose a picture"), on: { change: () => this.#chosen(this.select.value) } },
      this.#page.charts.map((one) => h("option", { value: one.indicator }, one.title)));
    return this.select;
  }

  // Since when: the years with official months, or the whole past.
  #span() {
    const choice = (from, words) => {
      const id = `since-${from}`;
      const input = h("input", { type: "radio", name: "since", id, on: { change: () => {
        this.#from = from;
        this.draw(this.#answer, this.#isBaseline, false);
      } } });
      input.checked = from === this.#from;
      return [input, h("label", { for: id }, words)];
    };
    const { months } = this.#page;
    if (!this.#from) return null;
    return h("fieldset", { class: "span" }, h("legend", { class: "unseen" }, say("Months shown")),
      choice(this.#from, say("since {year}", { year: months[this.#from].slice(0, 4) })),
      choice(0, say("since {year}", { year: months[0].slice(0, 4) })));
  }

  get #chart() {
    return this.#page.charts.find((one) => one.indicator === this.#indicator);
  }

  // What is drawn, as arrays over months: the baseline alone has no other side.
  get #series() {
    const own = this.#answer?.series[this.#indicator] ?? {};
    return this.#isBaseline ? { baseline: own.baseline } : own;
  }

  draw(answer, isBaseline, moving = true) {
    this.#answer = answer;
    this.#isBaseline = isBaseline;
    const { title, unit, kind } = this.#chart;
    const { baseline, reform, difference } = this.#series;
    const { months, official = {}, change_from: from } = this.#page;
    const dots = Object.entries(official[this.#indicator] ?? {});
    this.title.textContent = title;
    const measure = isPercent(kind) ? percentOf(unit) : unit;
    this.unit.textContent = `${measure}${say(" · ")}${monthRange(months, this.#from)}`;
    this.#keys(Boolean(reform), dots.length > 0);
    if (!baseline) return;
    const rule = from && { month: from, words: say("levers act from {month}", { month: monthWords(from) }) };
    const end = (name, values, words = amount) => `${name} ${words(kind, values.mean.findLast(Number.isFinite))}`;
    const lines = [{ id: "baseline", values: baseline, end: end(say("Baseline"), baseline) }];
    if (reform) lines.push({ id: "reform", values: reform, end: end(say("Your scenario"), reform) });
    const least = LEAST[kind] ?? { level: 0, difference: 0 };
    const bandWords = [say("shaded:"), answer.band];
    const room = roomFor([...lines.map((one) => one.end), ...bandWords, say("shaded: paired"), say("95 % interval")]);
    const shared = { key: `${this.#indicator} ${this.#from}`, kind, months, from: this.#from, room };
    this.charts.level.draw({ ...shared, title, words: this.#words(kind, baseline, reform), dots, rule, lines, least: least.level,
      bandWords }, moving);
    this.#gap(shared, difference, rule, least.difference, moving);
    this.#point(this.#pointed);
    this.#table();
  }

  #gap(shared, difference, rule, least, moving) {
    const { kind, months } = shared;
    const empty = { mean: months.map(() => 0) };
    const values = difference ?? empty;
    const last = values.mean.findLast(Number.isFinite);
    const shown = places(kind, ...values.mean);
    this.gapTitle.textContent = say("Difference: your scenario less the baseline");
    this.gapUnit.textContent = isPercent(kind)
      ? say("percentage points; both sides use common random numbers, so the difference is what the change alone does")
      : say("{unit}; both sides use common random numbers, so the difference is what the change alone does", { unit: this.#chart.unit });
    const words = say("In {month} the difference is {change}.", { month: monthWords(months.at(-1)), change: change(kind, last, shown) });
    this.charts.difference.draw({ ...shared, title: say("Difference: your scenario less the baseline"), words, zero: true, signed: true, least,
      rule: rule && { month: rule.month },
      lines: [{ id: "difference", values, end: difference ? change(kind, last, shown) : say("no difference") }],
      bandWords: difference?.low ? [say("shaded: paired"), say("95 % interval")] : null }, moving);
  }

  #words(kind, baseline, reform) {
    const month = this.#page.months.at(-1);
    const values = { month: monthWords(month), baseline: amount(kind, baseline.mean.at(-1)), reform: reform && amount(kind, reform.mean.at(-1)) };
    return reform
      ? say("In {month}: baseline {baseline}, your scenario {reform}. All months are in the table below.", values)
      : say("In {month}: baseline {baseline}. All months are in the table below.", values);
  }

  #keys(reform, official) {
    const key = (id, words) => h("li", {}, h("span", { class: `key ${id}`, "aria-hidden": "true" }), words);
    fill(this.legend,
      key("baseline", say("Baseline")), reform && key("reform", say("Your scenario")),
      key(reform ? "shade reform-shade" : "shade", say("Shaded: {band}", { band: this.#answer?.band ?? "" })), official && key("official", say("Official months")));
  }

  #step(event) {
    const moves = { ArrowLeft: -1, ArrowRight: 1, PageUp: -12, PageDown: 12, Home: -Infinity, End: Infinity };
    if (event.key === "Escape") this.#point(null);
    if (!(event.key in moves)) return;
    event.preventDefault();
    const last = this.#page.months.length - 1;
    const next = (this.#pointed ?? last - Math.sign(moves[event.key])) + moves[event.key];
    this.readout.setAttribute("aria-live", "polite");
    this.#point(Math.min(last, Math.max(this.#from, next)));
  }

  #point(index) {
    this.#pointed = index;
    for (const chart of Object.values(this.charts)) chart.point(index);
    if (index === null) this.readout.setAttribute("aria-live", "off");
    this.readout.textContent = index === null ? say("Point at the picture, or use the arrow keys, to read a month.") : this.#monthWords(index);
  }

  #monthWords(index) {
    const { kind } = this.#chart;
    const { baseline, reform, difference } = this.#series;
    const { months, official = {} } = this.#page;
    const level = (values) => amount(kind, values?.mean[index] ?? NaN);
    const told = [`${say("Baseline")} ${level(baseline)}`];
    if (reform) told.push(`${say("Your scenario")} ${level(reform)}`);
    if (reform && Number.isFinite(difference?.mean[index])) told.push(this.#gapWords(kind, difference, index));
    const known = official[this.#indicator]?.[months[index]];
    if (known !== undefined) told.push(`${say("Official months")} ${amount(kind, known)}`);
    return `${monthWords(months[index])}: ${told.join(" · ")}`;
  }

  #gapWords(kind, { mean, low, high }, index) {
    const shown = places(kind, mean[index], low?.[index], high?.[index]);
    const between = interval(kind, low?.[index], high?.[index], shown);
    return `${say("Difference")} ${change(kind, mean[index], shown)}${between && ` (${between})`}`;
  }

  // The numbers behind the picture, written only while somebody looks at them.
  #table() {
    if (!this.numbers.open) {
      this.numbers.querySelector(".scroll")?.remove();
      return;
    }
    const { kind } = this.#chart;
    const { baseline, reform, difference } = this.#series;
    if (!baseline) return;
    const { months, official = {} } = this.#page;
    const { band } = this.#answer;
    const level = (values, place) => {
      const between = Number.isFinite(values.low?.[place]) ? ` (${amount(kind, values.low[place])} – ${amount(kind, values.high[place])})` : "";
      return amount(kind, values.mean[place] ?? NaN) + between;
    };
    const heads = [say("Month"), say("Official months"), `${say("Baseline")} (${band})`, reform && `${say("Your scenario")} (${band})`,
      reform && say("Difference (paired 95 % interval)")].filter(Boolean);
    const rows = months.slice(this.#from).map((month, offset) => {
      const place = this.#from + offset;
      const known = official[this.#indicator]?.[month];
      const cells = [monthWords(month), known === undefined ? "" : amount(kind, known), level(baseline, place)];
      return reform ? [...cells, level(reform, place), Number.isFinite(difference?.mean[place]) ? this.#gapWords(kind, difference, place).replace(`${say("Difference")} `, "") : ""] : cells;
    });
    const old = this.numbers.querySelector(".scroll");
    const drawn = table(`${this.#chart.title}: ${say("The numbers behind the picture")}`, heads, rows);
    if (old) {
      const at = old.scrollTop;
      old.replaceWith(drawn);
      drawn.scrollTop = at;
    } else this.numbers.append(drawn);
  }
}
