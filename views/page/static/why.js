// The second tab: which cause brings how much of youth unemployment, and what the public believes.

import { byId, fill, h, table } from "./dom.js";
import { Asker, Problems, getWhy } from "./server.js";
import { Waterfall } from "./waterfall.js";
import { amount, duration, interval, language, number, say, typeset } from "./words.js";

export class Why {
  #page;
  #whatIf;
  #asker;
  #stored;
  #scenario = null;

  constructor(page, whatIf) {
    this.#page = page;
    this.#whatIf = whatIf;
    this.#stored = page.presets.filter((preset) => page.why_presets?.includes(preset.id) ?? true);
    this.choice = h("select", { id: "why-choice", on: { change: () => this.#choose() } },
      this.#stored.map((preset) => h("option", { value: preset.id }, preset.title)));
    this.compute = h("button", { type: "button", on: { click: () => this.#compute() } }, say("why.compute"));
    this.note = h("p", { class: "hint", role: "status" });
    this.body = h("div", { class: "why-found" });
    fill(byId("why-body"),
      h("div", { class: "why-ask" },
        h("p", {}, h("label", { for: "why-choice" }, say("why.choose")), " ", this.choice),
        h("p", {}, this.compute, " ", h("span", { class: "hint" }, say("why.compute_hint")))),
      this.note, this.body);
    this.#asker = new Asker("/api/why", {
      progress: (data) => this.#progressed(data), answer: (data) => this.#show(data, say("why.your_scenario")), failure: (error) => this.#failed(error) });
  }

  // The tab is opened: the preset that was chosen on the first tab, or the baseline.
  open() {
    const { preset, isBaseline } = this.#whatIf.scenario;
    this.compute.disabled = isBaseline;
    const wanted = this.#stored.some((one) => one.id === preset) ? preset : this.#stored[0]?.id;
    if (!wanted || this.#scenario === wanted) return;
    this.choice.value = wanted;
    this.#choose();
  }

  async #choose() {
    this.#asker.stop();
    const wanted = (this.#scenario = this.choice.value);
    this.note.textContent = say("why.reading");
    try {
      const found = await getWhy(wanted, language);
      if (this.#scenario === wanted) this.#show(found, this.choice.selectedOptions[0].textContent);
    } catch (error) {
      this.#failed(error);
    }
  }

  #compute() {
    this.#scenario = null;
    this.note.textContent = say("progress.computing");
    this.#asker.ask({ settings: this.#whatIf.scenario.settings, lang: language });
  }

  #progressed({ done, of, seconds_left: left }) {
    const known = Number.isFinite(left);
    this.note.textContent = say(known ? "why.progress" : "why.progress_start", { done: number(done), of: number(of), left: known ? duration(left) : "" });
  }

  #failed(error) {
    this.note.textContent = error instanceof Problems ? error.message : say("error.why");
  }

  #show(found, title) {
    this.note.textContent = "";
    const canvas = h("div", { class: "canvas-free" });
    const points = (value) => Waterfall.points(value);
    const rows = found.causes.map((one) => [one.label, points(one.effect_pp), interval("rate", one.low_pp / 100, one.high_pp / 100, 2)]);
    const total = typeof found.total === "object" ? found.total.effect_pp : found.total;
    rows.push([say("why.total"), points(total), ""]);
    fill(this.body,
      h("div", { class: "sentences" }, found.sentences.slice(0, 2).map((one, place) => h("p", { class: place ? "second" : "first" }, typeset(one)))),
      h("figure", { class: "picture" }, h("h2", {}, say("why.waterfall_title", { scenario: title })), h("p", { class: "unit" }, say("why.unit")),
        canvas, h("p", { class: "hint" }, say("why.reading_hint")),
        h("details", { class: "numbers" }, h("summary", {}, say("chart.table")), table(say("chart.table"), [say("why.cause"), say("why.effect"), say("why.interval")], rows))),
      this.#blame(found.blame ?? this.#whatIf.answer?.blame, found.sentences.slice(2)),
      found.made_by && h("p", { class: "hint made-by" }, say("why.made_by"), " ", h("code", {}, found.made_by.command ?? String(found.made_by))));
    new Waterfall(canvas, found, say("why.waterfall_title", { scenario: title })).draw();
  }

  // What the public believes, beside what is measured: two bars on one scale.
  #blame(blame, sentences) {
    if (!blame || !Number.isFinite(blame.perceived)) return null;
    const actual = blame.actual ?? blame.ceiling ?? 0;
    const most = Math.max(blame.perceived, Math.abs(actual), 0.01);
    const row = (name, value, words) => {
      const bar = h("span", { class: `bar ${name}` });
      bar.style.width = `${(100 * Math.max(Math.abs(value) / most, 0.004)).toFixed(1)}%`;
      return [h("dt", {}, words), h("dd", {}, h("span", { class: "bar-box" }, bar), h("b", {}, amount("share", value)))];
    };
    return h("section", { class: "blame", "aria-labelledby": "blame-title" }, h("h2", { id: "blame-title" }, say("why.blame_title")),
      [...(blame.sentence ? [blame.sentence] : sentences)].map((one) => h("p", {}, typeset(one))),
      h("dl", {}, row("perceived", blame.perceived, say("why.perceived")), row("actual", actual, say(blame.actual === undefined ? "why.ceiling" : "why.actual"))),
      h("p", { class: "hint" }, say("why.blame_hint")));
  }
}
