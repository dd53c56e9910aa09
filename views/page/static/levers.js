// The levers: a slider, a number to type, the baseline's tick, and where the number comes from.

import { h } from "./dom.js";
import { isDated, shownValue } from "./scenario.js";
import { monthWords, number, percentOf, say } from "./words.js";

const THUMB = 20; // px, as in bench.css

// Draws all levers into `holder`; `moved(lever, value)` hears of every change. Returns the controls.
export function drawLevers(holder, levers, moved) {
  const controls = levers.map((lever, place) => new Control(lever, place, moved));
  const groups = Map.groupBy ? Map.groupBy(controls, groupOf) : grouped(controls);
  holder.replaceChildren(
    ...[...groups].map(([name, members]) =>
      h("fieldset", { class: "lever-group" }, name && h("legend", {}, name), members.map((one) => one.element))),
  );
  return controls;
}

const groupOf = (control) => control.lever.group ?? "";

function grouped(controls) {
  const groups = new Map();
  for (const one of controls) groups.set(groupOf(one), [...(groups.get(groupOf(one)) ?? []), one]);
  return groups;
}

export class Control {
  #moved;
  #set; // what the scenario says: undefined for the default

  constructor(lever, place, moved) {
    this.lever = lever;
    this.#moved = moved;
    this.id = `lever-${place}`;
    this.element = typeof lever.default === "boolean" ? this.#switch() : this.#slider();
    this.show(undefined);
  }

  get #factor() {
    return this.lever.as_percent ? 100 : 1;
  }

  // Percent in two digits is not always exact in binary: 0.28 * 100.
  #display(value) {
    return Number((value * this.#factor).toPrecision(12));
  }

  words(value) {
    if (typeof value === "boolean") return value ? say("on") : say("off");
    const shown = number(this.#display(value), this.#decimals(value));
    return this.lever.as_percent ? `${shown}\u00a0%` : shown;
  }

  #decimals(value) {
    const digits = String(this.#display(value)).split(".")[1]?.length ?? 0;
    return Math.max(Math.min(digits, 4), 0);
  }

  #about() {
    const { lever, id } = this;
    const tip = h("span", { class: "tip", id: `${id}-tip` },
      h("span", {}, lever.help),
      lever.source && h("span", { class: "source" }, say("Source of the baseline’s value: {source}", { source: lever.source })));
    const button = h("button", { type: "button", class: "about", "aria-expanded": "false", "aria-controls": `${id}-tip`,
      "aria-label": say("About: {label}", { label: lever.label }) }, "i");
    const open = (yes) => button.setAttribute("aria-expanded", String(yes));
    button.addEventListener("click", () => open(button.getAttribute("aria-expanded") !== "true"));
    button.addEventListener("blur", () => open(false));
    // Escape takes the words away until the pointer comes back.
    const hush = (event) => event.key === "Escape" && (open(false), tip.classList.add("hushed"));
    for (const one of [button, tip]) {
      one.addEventListener("pointerenter", () => addEventListener("keydown", hush));
      one.addEventListener("pointerleave", () => (removeEventListener("keydown", hush), tip.classList.remove("hushed")));
    }
    button.addEventListener("keydown", hush);
    button.addEventListener("focus", () => tip.classList.remove("hushed"));
    return [button, tip];
  }

  #reset() {
    this.resetButton = h("button", { type: "button", class: "reset", "aria-label": say("Reset {label}", { label: this.lever.label }),
      title: say("Reset {label}", { label: this.lever.label }), on: { click: () => {
        (this.range ?? this.box).focus();
        this.#tell(this.lever.default);
      } } }, "\u21ba");
    return this.resetButton;
  }

  #notes() {
    this.dated = h("p", { class: "dated", hidden: true });
    this.error = h("p", { class: "error", id: `${this.id}-error`, hidden: true });
    return [this.dated, this.error];
  }

  #slider() {
    const { lever, id } = this;
    const [low, high, step] = [lever.low, lever.high, lever.step].map((one) => this.#display(one));
    this.range = h("input", { type: "range", id, min: low, max: high, step, "aria-describedby": `${id}-tip ${id}-error` });
    this.box = h("input", { type: "number", id: `${id}-number`, step: "any", inputmode: "decimal",
      "aria-label": say("{label}, typed ({unit})", { label: lever.label, unit: this.#unit }), "aria-describedby": `${id}-error` });
    this.range.addEventListener("input", () => this.#tell(this.#fromSlider()));
    this.box.addEventListener("change", () => this.#typed());
    this.box.addEventListener("keydown", (event) => event.key === "Enter" && this.#typed());
    this.track = h("div", { class: "track" }, this.#ticks(), this.range);
    const changes = Object.keys(lever.later ?? {}).length > 0 ? this.#dates(lever.later) : "";
    const usual = [say("baseline {value}", { value: this.words(lever.default) }), changes].filter(Boolean).join(say(", "));
    return h("div", { class: "lever", "data-path": lever.path },
      h("div", { class: "lever-head" }, h("label", { for: id }, lever.label), this.#about(),
        h("span", { class: "typed" }, this.#reset(), this.box, lever.as_percent && h("span", { "aria-hidden": "true" }, "%"))),
      this.track,
      h("p", { class: "scale" }, h("span", {}, this.#unit), h("span", {}, usual)),
      this.#notes());
  }

  // The baseline's own value as a tall mark, other values worth knowing as short ones.
  #ticks() {
    const marks = new Set([...(this.lever.ticks ?? []).map((tick) => tick.value ?? tick), this.lever.default]);
    return [...marks].map((value) => {
      const mark = h("span", { class: value === this.lever.default ? "tick usual" : "tick", "aria-hidden": "true" });
      mark.style.setProperty("--at", this.#share(value));
      return mark;
    });
  }

  #switch() {
    const { lever, id } = this;
    this.box = h("input", { type: "checkbox", role: "switch", id, "aria-describedby": `${id}-tip ${id}-error` });
    this.box.addEventListener("change", () => this.#tell(this.box.checked));
    return h("div", { class: "lever switch", "data-path": lever.path },
      h("div", { class: "lever-head" }, this.box, h("label", { for: id }, lever.label), this.#about(),
        h("span", { class: "typed" }, this.#reset())),
      this.#notes());
  }

  get #unit() {
    return this.lever.as_percent ? percentOf(this.lever.unit) : this.lever.unit;
  }

  // The slider's end of the baseline's own value is exactly the baseline.
  #fromSlider() {
    const value = Number(this.range.value) / this.#factor;
    const exact = Number(value.toPrecision(12));
    return Math.abs(exact - this.lever.default) < this.lever.step / 2 ? this.lever.default : exact;
  }

  #typed() {
    if (this.box.validity.badInput || this.box.value.trim() === "") {
      this.complain(say("This is not a number. Write it like 0.5 or 120000."));
      return;
    }
    const value = Number((Number(this.box.value) / this.#factor).toPrecision(12));
    if (value !== shownValue(this.lever, this.#set)) this.#tell(value);
    else this.complain("");
  }

  #tell(value) {
    this.complain("");
    this.show(value === this.lever.default ? undefined : value);
    this.#moved(this.lever, value);
  }

  #share(value) {
    const { low, high } = this.lever;
    return Math.min(1, Math.max(0, (value - low) / (high - low)));
  }

  // Shows what the scenario says of this lever; undefined is the baseline.
  show(value) {
    this.#set = value;
    const shown = shownValue(this.lever, value);
    const changed = value !== undefined;
    this.element.classList.toggle("moved", changed);
    this.resetButton.disabled = !changed;
    this.dated.hidden = !isDated(value);
    this.dated.textContent = isDated(value) ? say("Dated: {dates}", { dates: this.#dates(value) }) : "";
    if (this.range) this.#position(shown);
    else this.box.checked = shown;
  }

  #position(shown) {
    this.range.value = this.#display(shown);
    this.range.setAttribute("aria-valuetext", `${this.words(shown)} ${this.#unit.replace(/^% ?/, "")}`.trim());
    this.box.value = this.#display(shown);
    const [from, to] = [this.#share(this.lever.default), this.#share(shown)].sort((a, b) => a - b);
    this.track.style.setProperty("--from", from);
    this.track.style.setProperty("--to", to);
    this.track.style.setProperty("--thumb", `${THUMB}px`);
  }

  #dates(value) {
    return Object.entries(value).sort(([one], [other]) => one.localeCompare(other))
      .map(([month, held]) => say("{value} from {month}", { value: this.words(held), month: monthWords(month) }))
      .join(say(", "));
  }

  // What is wrong with the value, beside the control; an empty text takes it back.
  complain(words) {
    this.error.hidden = !words;
    this.error.textContent = words;
    for (const input of [this.range, this.box].filter(Boolean)) {
      if (words) input.setAttribute("aria-invalid", "true");
      else input.removeAttribute("aria-invalid");
    }
  }
}
