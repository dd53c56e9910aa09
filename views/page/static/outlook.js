// What the page opens on: the official months, and the forecast of those to come as a fan that levers bend.

import { fill, h, table } from "./dom.js";
import { keepButtons } from "./keep.js";
import { TimeChart, roomFor } from "./time_chart.js";
import { amount, change, interval, monthWords, number, places, say, typeset } from "./words.js";

const SHOWN = 24; // official months before the forecast
const YOUTH = "unemployment_rate_16_24";

export class Outlook {
  #page;
  #now;
  #before;
  #indicator = YOUTH;
  #answer = null;
  #bent = false;
  #pointed = null;

  constructor(holder, page) {
    this.#page = page;
    [this.#now, this.#before] = page.forecast ?? [];
    holder.hidden = !this.#now;
    if (!this.#now) return;
    const first = page.months.indexOf(this.#now.months[0]);
    this.months = page.months.slice(first - SHOWN, first + this.#now.months.length);
    this.words = h("p", { class: "outlook-words" });
    this.notes = h("div", { class: "outlook-notes", "aria-live": "polite" });
    this.legend = h("ul", { class: "legend", "aria-label": say("How to read the picture") });
    this.readout = h("p", { class: "readout" });
    const canvas = h("div", { class: "canvas fan" });
    const plot = h("div", { class: "plot", tabindex: "0", role: "group", "aria-label": say("Picture over months. Left and right arrow keys read out one month after another."),
      on: { keydown: (event) => this.#step(event), blur: () => this.#point(null) } }, canvas);
    this.numbers = h("details", { class: "numbers" }, h("summary", {}, say("The numbers behind the picture")));
    this.numbers.addEventListener("toggle", () => this.#table());
    holder.append(h("div", { class: "picture-head" },
      h("div", {}, h("h2", { id: "outlook-title" }, this.#title), h("p", { class: "unit" }, say("official rate and its forecast from {month}, % of the labour force", { month: monthWords(this.#now.origin) }))),
      h("div", { class: "picture-choice" }, this.#groups(), this.#yearAgo())),
    this.words, this.legend, plot, this.notes, this.readout,
    keepButtons(() => ({ title: this.#title, unit: holder.querySelector(".unit").textContent, legend: this.legend, parts: [{ svg: canvas.querySelector("svg") }],
      notes: [this.words.textContent, ...[...this.notes.children].map((note) => note.textContent)], official: true, version: page.version })), this.numbers);
    this.chart = new TimeChart(canvas, (index) => this.#point(index));
  }

  #groups() {
    const named = { [YOUTH]: say("16–24"), unemployment_rate_25_29: say("25–29"), unemployment_rate_30_59: say("30–59"), unemployment_rate: say("all ages") };
    return h("fieldset", { class: "span" }, h("legend", { class: "unseen" }, say("Ages")),
      Object.entries(named).filter(([name]) => this.#now.groups[name]).flatMap(([name, words]) => {
        const input = h("input", { type: "radio", name: "outlook-ages", id: `outlook-${name}`, on: { change: () => {
          this.#indicator = name;
          this.draw(this.#answer, !this.#bent, false);
        } } });
        input.checked = name === this.#indicator;
        return [input, h("label", { for: input.id }, words)];
      }));
  }

  #yearAgo() {
    if (!this.#before?.groups[YOUTH]) return null;
    this.switch = h("input", { type: "checkbox", id: "outlook-before", on: { change: () => this.draw(this.#answer, !this.#bent, false) } });
    return h("label", { class: "outlook-switch", for: "outlook-before" }, this.switch, " ", say("What would have been said a year ago"));
  }

  get #official() {
    return this.#page.official[this.#indicator] ?? {};
  }

  // The official rate of the same month a year before.
  #yardstick(month) {
    return this.#official[this.#page.months[this.#page.months.indexOf(month) - 12]];
  }

  // What the levers add to the forecast of a month: the paired difference of the runs.
  #added(month) {
    const added = this.#bent ? this.#answer?.series[this.#indicator]?.difference?.mean[this.#page.months.indexOf(month)] : 0;
    return Number.isFinite(added) ? added : 0;
  }

  // A quantile of a fan by month of the picture; nothing where the fan is silent.
  #spread(fan, level, bend) {
    const said = fan.groups[this.#indicator]?.[level] ?? [];
    return this.months.map((month) => {
      const value = said[fan.months.indexOf(month)];
      return value === undefined ? null : value + (bend ? this.#added(month) : 0);
    });
  }

  #fan(fan, id, bend = false) {
    const joint = this.months.indexOf(fan.origin); // the fan opens at the last month that was known
    const level = (name) => this.#spread(fan, name, bend).with(joint, this.#official[fan.origin] ?? null);
    const nobody = this.months.map(() => null);
    return [
      { id: `${id} wide`, values: { mean: nobody, low: level("p10"), high: level("p90") } },
      { id: `${id} narrow`, values: { mean: nobody, low: level("p25"), high: level("p75") } },
      { id, values: { mean: level("p50") } },
    ];
  }

  draw(answer, isBaseline, moving = true) {
    if (!this.#now) return;
    this.#answer = answer;
    this.#bent = !isBaseline;
    const official = this.months.map((month) => this.#official[month] ?? null);
    const yardstick = this.months.map((month) => (month >= this.#now.origin ? this.#yardstick(month) ?? null : null));
    const own = this.#fan(this.#now, "fan", this.#bent);
    const named = (id, values, end) => ({ id, values: { mean: values }, end });
    const lines = [
      ...(this.switch?.checked ? this.#fan(this.#before, "before") : []), ...own,
      ...(this.#bent ? [named("kept", this.#spread(this.#now, "p50", false), say("Forecast"))] : []),
      named("yardstick", yardstick, say("A year before")), named("official", official),
    ];
    own.at(-1).end = this.#bent ? say("Your scenario") : say("Forecast");
    const room = roomFor([say("Forecast"), say("Your scenario"), say("A year before")]);
    const [first, ...notes] = this.#sentences().map(typeset);
    this.words.textContent = first;
    fill(this.notes, notes.map((text) => h("p", {}, text)));
    this.#keys();
    this.chart.draw({ key: this.#indicator, title: this.#title, words: [first, ...notes].join(" "), kind: "rate", months: this.months, from: 0, lines,
      least: 0.01, room, halves: true, rule: { month: this.#now.months[0], words: say("forecast") } }, moving);
    this.#point(this.#pointed);
    this.#table();
  }

  get #title() {
    return say("Unemployment in the year ahead");
  }

  // The peak in words, what the levers do to it, and how the forecast of a year ago has fared.
  #sentences() {
    const middle = this.#spread(this.#now, "p50", false);
    const top = middle.reduce((best, value, place) => (value !== null && value > (middle[best] ?? 0) ? place : best), 0);
    const month = this.months[top];
    const at = (level) => number(100 * this.#spread(this.#now, level, false)[top], 1);
    const before = this.#yardstick(month);
    const values = { month: monthWords(month), rate: at("p50"), low: at("p25"), high: at("p75"), lowest: at("p10"), highest: at("p90"), before: number(100 * (before ?? NaN), 1) };
    const first = before === undefined
      ? say("Highest in {month}: {rate} %, as likely as not between {low} and {high} %, four times in five between {lowest} and {highest} %.", values)
      : say("Highest in {month}: {rate} %, as likely as not between {low} and {high} %, four times in five between {lowest} and {highest} %; a year before it was {before} %.", values);
    return [first, this.#bent && this.#bentWords(top), this.switch?.checked && this.#faredWords()].filter(Boolean);
  }

  // What the levers do to a month of the picture; an effect that may be none is not told as if it were known.
  #bentWords(place) {
    const month = this.months[place];
    const { low, high } = this.#answer?.series[this.#indicator]?.difference ?? {};
    const at = this.#page.months.indexOf(month);
    const added = this.#added(month);
    const shown = places("rate", added, low?.[at], high?.[at]);
    const values = { month: monthWords(month), change: change("rate", added, shown), rate: number(100 * this.#spread(this.#now, "p50", true)[place], 1), between: interval("rate", low?.[at], high?.[at], shown) };
    const told = low?.[at] <= 0 && high?.[at] >= 0
      ? say("What your scenario does to {month} cannot be told from nothing: 95 % interval {between} points.", values)
      : say("Your scenario moves {month} by {change}, to {rate} %.", values);
    return `${told} ${say("What the levers change in paired runs is added to the stored forecast; the bands keep the width of the forecast.")}`;
  }

  #faredWords() {
    const told = this.months.map((month, place) => ({ rate: this.#official[month], place })).filter(({ rate, place }) =>
      rate !== undefined && this.#spread(this.#before, "p50", false)[place] !== null);
    const [low, high, middle] = ["p10", "p90", "p50"].map((level) => this.#spread(this.#before, level, false));
    const held = told.filter(({ rate, place }) => low[place] <= rate && rate <= high[place]).length;
    const missed = told.reduce((sum, { rate, place }) => sum + Math.abs(rate - middle[place]), 0) / told.length;
    return say("Said from {month}, with what was known then: the wide band held in {held} of the {count} months since, and the middle was {missed} points off on average.",
      { month: monthWords(this.#before.origin), held: number(held), count: number(told.length), missed: number(100 * missed, 1) });
  }

  #keys() {
    const key = (id, words) => h("li", {}, h("span", { class: `key ${id}`, "aria-hidden": "true" }), words);
    fill(this.legend, key("official-line", say("Official months")),
      key("shade fan-narrow", say("as likely as not (50 %)")), key("shade fan-wide", say("four times in five (80 %)")),
      key("yardstick", say("the same month a year before")), this.switch?.checked && key("shade before-narrow", say("Said a year ago")));
  }

  #step(event) {
    const moves = { ArrowLeft: -1, ArrowRight: 1, Home: -Infinity, End: Infinity };
    if (event.key === "Escape") this.#point(null);
    if (!(event.key in moves)) return;
    event.preventDefault();
    const last = this.months.length - 1;
    this.readout.setAttribute("aria-live", "polite");
    this.#point(Math.min(last, Math.max(0, (this.#pointed ?? last - Math.sign(moves[event.key])) + moves[event.key])));
  }

  #point(index) {
    this.#pointed = index;
    this.chart.point(index);
    if (index === null) this.readout.setAttribute("aria-live", "off");
    this.readout.textContent = index === null ? say("Point at the picture, or use the arrow keys, to read a month.")
      : `${monthWords(this.months[index])}: ${this.#row(index).filter(([, value]) => value).map(([name, value]) => `${name} ${value}`).join(" · ")}`;
  }

  // All that is said of a month, each with its name.
  #row(place) {
    const month = this.months[place];
    const level = (value) => (Number.isFinite(value) ? amount("rate", value) : "");
    const between = (fan, low, high) => {
      const bend = fan === this.#now && this.#bent;
      const [from, to] = [low, high].map((one) => this.#spread(fan, one, bend)[place]);
      return from === null ? "" : `${number(100 * from, 1)}–${amount("rate", to)}`;
    };
    const own = this.#bent ? say("Your scenario") : say("Forecast");
    const rows = [
      [say("Official months"), level(this.#official[month])],
      [own, level(this.#spread(this.#now, "p50", this.#bent)[place] ?? NaN)],
      ["50 %", between(this.#now, "p25", "p75")], ["80 %", between(this.#now, "p10", "p90")],
      [say("A year before"), level(this.#yardstick(month))],
    ];
    if (this.switch?.checked) rows.push([say("Said a year ago"), level(this.#spread(this.#before, "p50", false)[place] ?? NaN)], [`${say("Said a year ago")}, 80 %`, between(this.#before, "p10", "p90")]);
    return rows;
  }

  #table() {
    this.numbers.querySelector(".scroll")?.remove();
    if (!this.numbers.open) return;
    const heads = [say("Month"), ...this.#row(0).map(([name]) => name)];
    this.numbers.append(table(this.#title, heads, this.months.map((month, place) => [monthWords(month), ...this.#row(place).map(([, value]) => value)])));
  }
}
