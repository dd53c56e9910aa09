// The second tab: which cause brings how much of youth unemployment, and what the public believes.

import { byId, fill, h, table } from "./dom.js";
import { Asker, Problems, getWhy } from "./server.js";
import { Waterfall, capital } from "./waterfall.js";
import { amount, duration, language, number, say, typeset } from "./words.js";

const OWN = "your scenario";

export class Why {
  #page;
  #whatIf;
  #asker;
  #stored;
  #scenario = null;

  constructor(page, whatIf) {
    this.#page = page;
    this.#whatIf = whatIf;
    this.#stored = page.presets.filter((preset) => page.why_presets?.includes(preset.id));
    this.choice = h("select", { id: "why-choice", on: { change: () => this.#choose() } },
      this.#stored.map((preset) => h("option", { value: preset.id }, preset.title)));
    this.compute = h("button", { type: "button", on: { click: () => this.#compute() } }, say("why.compute"));
    this.stop = h("button", { type: "button", class: "quiet", hidden: true, on: { click: () => this.#stop() } }, say("why.stop"));
    this.note = h("p", { class: "hint", role: "status" });
    this.bar = h("progress", { hidden: true, "aria-label": say("why.computing"), max: "1", value: "0" });
    this.body = h("div", { class: "why-found" });
    fill(byId("why-body"),
      h("div", { class: "why-ask" },
        this.#stored.length > 0 && h("p", {}, h("label", { for: "why-choice" }, say("why.choose")), " ", this.choice),
        h("p", {}, this.compute, " ", this.stop, " ", h("span", { class: "hint" }, say("why.compute_hint")))),
      h("div", { class: "why-note" }, this.note, this.bar), this.body);
    this.#asker = new Asker("api/why", {
      progress: (data) => this.#progressed(data), answer: (data) => this.#show(data, this.own), failure: (error) => this.#failed(error) });
  }

  // The tab is opened: the preset that was chosen on the first tab, or the baseline.
  open() {
    const { preset, isBaseline } = this.#whatIf.scenario;
    this.compute.textContent = say(isBaseline ? "why.compute_baseline" : "why.compute");
    const wanted = this.#stored.some((one) => one.id === preset) ? preset : this.#stored[0]?.id;
    if (!wanted && !this.#scenario) fill(this.body, this.#blame(this.#whatIf.answer?.blame));
    if (!wanted || this.#scenario) return;
    this.choice.value = wanted;
    this.#choose();
  }

  async #choose() {
    this.#asker.stop();
    this.#working(false);
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
    this.#scenario = OWN;
    this.own = say(this.#whatIf.scenario.isBaseline ? "chart.baseline" : "why.your_scenario");
    this.note.textContent = say("why.starting");
    this.#working(true);
    this.#asker.ask({ settings: this.#whatIf.scenario.settings, lang: language });
  }

  #working(yes) {
    this.stop.hidden = !yes;
    this.compute.hidden = yes;
    this.bar.hidden = !yes;
  }

  #stop() {
    this.#asker.stop();
    this.#scenario = null;
    this.#working(false);
    this.note.textContent = "";
    this.open();
  }

  #progressed({ done, of, seconds_left: left }) {
    const known = Number.isFinite(left);
    this.bar.value = done / of;
    this.note.textContent = say(known ? "why.progress" : "why.progress_start", { done: number(done), of: number(of), left: known ? duration(left) : "" });
  }

  #failed(error) {
    this.#working(false);
    this.note.textContent = error instanceof Problems ? error.message : say("error.why");
  }

  #show(found, title) {
    this.#working(false);
    const { message, command } = found.made_by ?? {};
    this.note.textContent = message ?? "";
    const canvas = h("div", { class: "canvas-free" });
    const heading = say("why.waterfall_title", { scenario: title });
    fill(this.body,
      h("div", { class: "sentences" }, found.sentences.slice(0, 2).map((one, place) => h("p", { class: place ? "second" : "first" }, typeset(one)))),
      h("figure", { class: "picture" }, h("h2", {}, heading), h("p", { class: "unit" }, say("why.unit")),
        canvas, h("p", { class: "hint" }, say("why.reading_hint")),
        h("details", { class: "numbers" }, h("summary", {}, say("chart.table")), this.#table(found))),
      this.#blame(found.causes.some(isVisa) ? shares(found) : this.#whatIf.answer?.blame, found.sentences.slice(2)),
      h("p", { class: "hint made-by" }, say("why.from", { seeds: number(found.seeds), persons: number(found.persons) }), " ",
        command && [`${say("why.made_by")} `, h("code", {}, command)]));
    new Waterfall(canvas, found, heading).draw();
  }

  #table({ causes, total }) {
    const row = (one, label) => [label, one.off ?? "", Waterfall.points(one.effect_pp), Waterfall.interval(one)];
    return table(say("chart.table"), [say("why.cause"), say("why.off"), say("why.effect"), say("why.interval")],
      [...causes.map((one) => row(one, capital(one.label))), row(total, say("why.total"))]);
  }

  // What the public believes, beside what is measured or at most possible: two bars on one scale.
  #blame(blame, sentences = []) {
    if (!Number.isFinite(blame?.perceived)) return null;
    const known = blame.actual !== undefined;
    const real = known ? blame.actual : blame.ceiling;
    const most = Math.max(blame.perceived, Math.abs(real));
    const row = (name, value, words) => {
      const bar = h("span", { class: `bar ${name}` });
      bar.style.width = `${((100 * Math.abs(value)) / most).toFixed(1)}%`;
      return [h("dt", {}, words), h("dd", {}, h("span", { class: "bar-box" }, bar), h("b", {}, amount("share", value)))];
    };
    return h("section", { class: "blame", "aria-labelledby": "blame-title" }, h("h2", { id: "blame-title" }, say("why.blame_title")),
      (blame.sentence ? [blame.sentence] : sentences).map((one) => h("p", {}, typeset(one))),
      h("dl", {}, row("perceived", blame.perceived, say("why.perceived")), row("actual", real, say(known ? "why.actual" : "why.ceiling"))),
      h("p", { class: "hint" }, say("why.blame_hint")));
  }
}

const isVisa = (one) => one.cause.toLowerCase().includes("visa");

// Blame and the visa's own effect, both as shares: of the blame, and of youth unemployment as it is.
function shares({ causes, blame, all_on: level }) {
  return { perceived: blame, actual: causes.find(isVisa).effect_pp / level };
}
