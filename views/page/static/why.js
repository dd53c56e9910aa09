// The second tab: which cause brings how much of youth unemployment, and what the public believes.

import { byId, fill, h, table } from "./dom.js";
import { keepButtons } from "./keep.js";
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
    this.compute = h("button", { type: "button", on: { click: () => this.#compute() } }, say("Explain my scenario"));
    this.stop = h("button", { type: "button", class: "quiet", hidden: true, on: { click: () => this.#stop() } }, say("Stop"));
    this.note = h("p", { class: "hint", role: "status" });
    this.bar = h("progress", { hidden: true, "aria-label": say("How far the computation is"), max: "1", value: "0" });
    this.body = h("div", { class: "why-found" });
    fill(byId("why-body"),
      h("div", { class: "why-ask" },
        this.#stored.length > 0 && h("p", {}, h("label", { for: "why-choice" }, say("Explain")), " ", this.choice),
        h("p", {}, this.compute, " ", this.stop, " ", h("span", { class: "hint" }, say("runs every combination of causes; this takes minutes, and you can go on playing meanwhile")))),
      h("div", { class: "why-note" }, this.note, this.bar), this.body);
    this.#asker = new Asker("api/why", {
      progress: (data) => this.#progressed(data), answer: (data) => this.#show(data, this.own), failure: (error) => this.#failed(error) });
  }

  // The tab is opened: the preset that was chosen on the first tab, or the baseline.
  open() {
    const { preset, isBaseline } = this.#whatIf.scenario;
    this.compute.textContent = isBaseline ? say("Compute it for the baseline") : say("Explain my scenario");
    const wanted = this.#stored.some((one) => one.id === preset) ? preset : this.#stored[0]?.id;
    if (!wanted && !this.#scenario) fill(this.body, this.#blame(ceiling(this.#whatIf.answer?.blame)));
    if (!wanted || this.#scenario) return;
    this.choice.value = wanted;
    this.#choose();
  }

  async #choose() {
    this.#asker.stop();
    this.#working(false);
    const wanted = (this.#scenario = this.choice.value);
    this.note.textContent = say("Reading…");
    try {
      const found = await getWhy(wanted, language);
      if (this.#scenario === wanted) this.#show(found, this.choice.selectedOptions[0].textContent);
    } catch (error) {
      this.#failed(error);
    }
  }

  #compute() {
    this.#scenario = OWN;
    this.own = (this.#whatIf.scenario.isBaseline ? say("Baseline") : say("your scenario"));
    this.note.textContent = say("Starting: every combination of causes is lived through…");
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
    this.note.textContent = known
      ? say("{done} of {of} parts, about {left} left", { done: number(done), of: number(of), left: duration(left) })
      : say("{done} of {of} parts", { done: number(done), of: number(of) });
  }

  #failed(error) {
    this.#working(false);
    this.note.textContent = error instanceof Problems ? error.message : say("There is no explanation for this yet.");
  }

  #show(found, title) {
    this.#working(false);
    const { message, command } = found.made_by ?? {};
    this.note.textContent = message ?? "";
    const canvas = h("div", { class: "canvas-free" });
    const unit = h("p", { class: "unit" }, say("percentage points of youth unemployment (16–24), mean of the last twelve months; whiskers: 95 % intervals"));
    const heading = say("Where youth unemployment comes from: {scenario}", { scenario: title });
    fill(this.body,
      h("div", { class: "sentences" }, found.sentences.slice(0, 2).map((one, place) => h("p", { class: place ? "second" : "first" }, typeset(one)))),
      h("figure", { class: "picture" }, h("h2", {}, heading), unit,
        canvas, h("p", { class: "hint" }, say("Each bar starts where the one above it ended. A cause to the right adds to unemployment, one to the left takes from it. A hollow bar cannot be told from nothing: its interval stands beside it.")),
        keepButtons(() => ({ title: heading, unit: unit.textContent, parts: [{ svg: canvas.querySelector("svg") }], notes: [message].filter(Boolean), version: this.#page.version })),
        h("details", { class: "numbers" }, h("summary", {}, say("The numbers behind the picture")), this.#table(found))),
      this.#blame(found.causes.some(isVisa) ? shares(found) : ceiling(this.#whatIf.answer?.blame), found.sentences.slice(2)),
      h("p", { class: "hint made-by" }, say("From {seeds} replications with {persons} simulated people each, common random numbers in every combination; whiskers hold the luck of the runs alone, those of run.py explain the parameters too.", { seeds: number(found.seeds), persons: number(found.persons) }), " ",
        command && [`${say("Made by:")} `, h("code", {}, command)]));
    new Waterfall(canvas, found, heading).draw();
  }

  #table({ causes, total }) {
    const row = (one, label) => [label, one.off ?? "", Waterfall.points(one.effect_pp), Waterfall.interval(one)];
    return table(say("The numbers behind the picture"), [say("Cause"), say("What it means to be switched off"), say("Effect"), say("95 % interval, points")],
      [...causes.map((one) => row(one, capital(one.label))), row(total, say("All causes together"))]);
  }

  // The most that the visa can be of all there is, as a sliver of the whole, and the illustrative index of anger, which is no share.
  #blame(blame, sentences = []) {
    if (!Number.isFinite(blame?.perceived)) return null;
    const sliver = h("span", { class: "bar actual" });
    sliver.style.width = `${Math.min(100, 100 * blame.most).toFixed(2)}%`;
    return h("section", { class: "blame", "aria-labelledby": "blame-title" }, h("h2", { id: "blame-title" }, say("Anger and cause: the K visa")),
      (blame.sentence ? [blame.sentence] : sentences).map((one) => h("p", {}, typeset(one))),
      h("dl", {}, h("dt", {}, blame.young
        ? say("The whole bar: all youth unemployment. In colour: the most of it that the visa can be, one way or the other, by its 95 % interval")
        : say("The whole bar: everybody unemployed. In colour: the most of it that the visa can be, were every job a holder has taken from somebody")),
      h("dd", {}, h("span", { class: "bar-box" }, sliver), h("b", {}, say("at most {share}", { share: amount("share", blame.most) })))),
      h("p", { class: "hint" }, say("Index of anger at the visa, 0 to 1: {value}.", { value: blame.perceived.toFixed(2) }), " ", say("An illustration without data behind it: in the model anger feeds on unemployment and attention, not on arrivals.")));
  }
}

const ceiling = (blame) => blame && { ...blame, most: blame.ceiling };
const isVisa = (one) => one.cause.toLowerCase().includes("visa");

// The index of anger, and the end of the visa's interval that is further from nothing, as a share of youth unemployment.
function shares({ causes, blame, all_on: level }) {
  const { effect_pp: effect, low_pp: low, high_pp: high } = causes.find(isVisa);
  return { perceived: blame, young: true, most: Math.max(...[low ?? effect, high ?? effect].map(Math.abs)) / level };
}
