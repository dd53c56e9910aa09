// The first tab: what the visitor asks, and the answer as it arrives and narrows.

import { byId, fill, h } from "./dom.js";
import { showCards, showChanged, showNowbar, showSentences } from "./findings.js";
import { Groups } from "./groups.js";
import { recite } from "./keep.js";
import { drawLevers } from "./levers.js";
import { Outlook } from "./outlook.js";
import { Pictures } from "./pictures.js";
import { Past, Scenario, same } from "./scenario.js";
import { Asker, Problems } from "./server.js";
import { calm } from "./time_chart.js";
import { language, lost, monthWords, number, say, typeset } from "./words.js";

const FIRST_QUESTION = "ai_entry_level"; // what a first visitor is offered
const PAUSE = 140; // ms of rest before a moved lever asks the server

export class WhatIf {
  #page;
  #waiting = null;
  #heard;

  // heard(): told whenever the scenario or its answer is another one.
  constructor(page, heard) {
    this.#page = page;
    this.#heard = heard;
    this.scenario = new Scenario();
    this.answer = page.baseline;
    this.run = page.baseline?.run ?? null;
    this.controls = drawLevers(byId("lever-list"), page.levers, (lever, value) => this.#moved(lever, value));
    this.pictures = new Pictures(byId("pictures"), page, (indicator) => this.#show(indicator));
    this.outlook = new Outlook(byId("outlook"), page);
    this.outlook.draw(null, true, false); // it waits for no run
    this.groups = new Groups(byId("groups-body"), page);
    this.asker = new Asker("api/runs", {
      answer: (data, run) => this.#answered(data, run), failure: (error) => this.#failed(error) });
    byId("levers-hint").textContent = say("A lever you move holds from {month} on. The tall mark is the baseline.", { month: monthWords(page.change_from ?? page.today) });
    byId("reset-all").addEventListener("click", () => this.take({}));
    this.past = new Past();
    byId("undo").addEventListener("click", () => this.#back(-1));
    byId("redo").addEventListener("click", () => this.#back(1));
    addEventListener("keydown", (event) => this.#undone(event));
    this.#presets();
    this.#intervals();
  }

  #presets() {
    const card = (preset) => h("li", {}, h("button", { type: "button", class: "preset", "data-preset": preset.id, "aria-pressed": "false", title: preset.question,
      on: { click: () => this.take(preset.settings, preset.id) } }, h("b", {}, preset.title), h("span", {}, preset.question)));
    fill(byId("presets"), this.#page.presets.map(card));
    const first = this.#page.presets.find(({ id }) => id === FIRST_QUESTION);
    byId("try").hidden = !first;
    byId("try").textContent = say("Try one: {question}", { question: first?.title });
    byId("try").addEventListener("click", () => {
      this.take(first.settings, first.id);
      byId("answer").scrollIntoView({ block: "nearest", behavior: calm() ? "auto" : "smooth" });
    });
  }

  // What the intervals of an answer hold: the same runs are read either way, so that nothing is computed for it.
  #intervals() {
    this.spread = h("input", { type: "checkbox", id: "parameters-too", role: "switch", on: { change: () => this.#ask(0) } });
    this.spread.checked = true;
    this.held = h("span", { role: "status" });
    const choice = h("label", { for: "parameters-too" }, this.spread, " ", say("With what is not known of the parameters"));
    fill(byId("intervals"), this.#page.draws > 0 && choice, this.held);
  }

  // What was asked before, or again what was taken back.
  #back(steps) {
    clearTimeout(this.#waiting);
    this.#noted();
    if (!this.past.can(steps)) return;
    const { settings, preset } = this.past.step(steps);
    this.take(settings, preset);
  }

  // As everywhere: Ctrl or Cmd with Z, with Shift (or Y) forward; a field that is typed in keeps its own.
  #undone(event) {
    const key = event.key.toLowerCase();
    if (!(event.ctrlKey || event.metaKey) || event.altKey || !["z", "y"].includes(key) || byId("what-if").hidden || event.target.matches?.("input:not([type=range], [type=checkbox], [type=radio])")) return;
    event.preventDefault();
    this.#back(key === "y" || event.shiftKey ? 1 : -1);
  }

  #noted() {
    const { settings, preset } = this.scenario;
    this.past.note({ settings, preset });
    byId("undo").disabled = !this.past.can(-1);
    byId("redo").disabled = !this.past.can(1);
  }

  // Takes a whole scenario: a preset's, a link's, an uploaded file's.
  take(settings, preset = null) {
    this.scenario.take(settings, preset);
    this.#reflect();
    this.#ask(0);
  }

  #moved(lever, value) {
    this.scenario.set(lever, value);
    const based = this.#page.presets.find((preset) => preset.id === this.scenario.preset);
    if (based && !same(based.settings, this.scenario.settings)) this.scenario.preset = null;
    this.#reflect(lever);
    this.#ask(PAUSE);
  }

  // Puts every control where the scenario has it; the lever being typed in is left alone.
  #reflect(moved = null) {
    const { settings, preset } = this.scenario;
    for (const control of this.controls) {
      if (control.lever !== moved) {
        control.complain("");
        control.show(settings[control.lever.path]);
      }
    }
    for (const button of document.querySelectorAll(".preset")) {
      const own = this.#page.presets.find((one) => one.id === button.dataset.preset);
      const chosen = preset === own.id || (!preset && same(own.settings, settings));
      button.setAttribute("aria-pressed", String(chosen));
    }
    byId("reset-all").disabled = this.scenario.isBaseline;
    this.#heard();
  }

  #ask(pause) {
    clearTimeout(this.#waiting);
    this.asker.stop();
    fill(byId("notices"));
    this.#busy(true);
    this.#waiting = setTimeout(() => this.ask(), pause);
  }

  // The baseline is known already, but for the very first start; while it is not complete, more of it is asked for.
  ask() {
    this.#noted();
    const { settings, preset, isBaseline } = this.scenario;
    const known = isBaseline && this.#page.baseline;
    if (known) this.#answered(known, known.run);
    if (!known || known.final === false) this.asker.ask({ settings, ...(preset && { preset }), ...(!this.spread.checked && { luck_alone: true }), lang: language });
  }

  #busy(yes) {
    byId("what-if").classList.toggle("busy", yes);
    byId("answer").setAttribute("aria-busy", String(yes));
    if (yes) byId("progress").textContent = this.#page.baseline
      ? say("Computing: the last answer stays until the new one is here…")
      : say("The first start lives through the baseline once, which takes about a minute; after that, answers come at once…");
  }

  #answered(answer, run) {
    this.answer = answer;
    this.run = run ?? null;
    if (this.scenario.isBaseline) this.#page.baseline = { ...answer, run };
    this.#busy(false);
    this.draw();
    this.groups.ask(this.scenario.isBaseline ? null : this.run, answer);
    this.#heard();
  }

  // Shows the picture of an indicator; whoever asked from further down the page is taken to it.
  #show(indicator, far = false) {
    this.pictures.show(indicator);
    this.draw(false);
    recite();
    if (far) byId("pictures").scrollIntoView({ block: "nearest", behavior: calm() ? "auto" : "smooth" });
  }

  draw(moving = true) {
    const { answer } = this;
    if (!answer) return;
    const { charts } = this.#page;
    const { isBaseline } = this.scenario;
    showSentences(byId("sentences"), isBaseline ? [say("This is the baseline: history as it happened, then today’s policies kept as they are."), say("Pick a question or move a lever to see what would change, and how sure the model is of it.")] : answer.sentences);
    fill(byId("prices"), (isBaseline ? [] : answer.prices ?? []).map((one) => h("li", {}, typeset(one))));
    this.outlook.draw(answer, isBaseline, moving);
    this.pictures.draw(answer, isBaseline, moving);
    const cards = isBaseline ? answer.cards.map((card) => ({ ...card, reform: null, change: null })) : answer.cards;
    byId("cards-hint").textContent = say("Means over {year}, the last year simulated. Press a card to see its picture.", { year: answer.year ?? answer.months.at(-1).slice(0, 4) });
    showCards(byId("cards"), cards, charts, this.pictures.indicator, (indicator) => this.#show(indicator, true));
    showChanged(byId("changed"), answer.changed);
    showNowbar(byId("nowbar"), cards, charts);
    byId("progress").textContent = this.#progress(answer);
    byId("intervals").hidden = isBaseline;
    this.held.textContent = answer.intervals ?? "";
  }

  #progress({ seeds, persons, final }) {
    if (!seeds) return "";
    const values = { seeds: number(seeds), persons: number(persons ?? 0) };
    if (this.scenario.isBaseline) return final === false
      ? say("From {seeds} runs with {persons} simulated people each; more are being added.", values)
      : say("From {seeds} runs with {persons} simulated people each.", values);
    return final === false
      ? say("From {seeds} pairs of runs with {persons} simulated people each; more are being added, and the interval of the difference narrows.", values)
      : say("From {seeds} pairs of runs with {persons} simulated people each; baseline and scenario use common random numbers.", values);
  }

  // What went wrong goes beside the control it belongs to; the rest, above the answer, with a way to try again.
  #failed(error) {
    this.#busy(false);
    byId("progress").textContent = this.answer ? this.#progress(this.answer) : "";
    const elsewhere = [];
    for (const problem of error instanceof Problems ? error.problems : []) {
      const control = this.controls.find((one) => one.lever.path === problem.path);
      if (control) control.complain(problem.message);
      else elsewhere.push(problem.message);
    }
    if (error instanceof Problems && !elsewhere.length) return;
    const retry = h("button", { type: "button", on: { click: () => this.#ask(0) } }, say("Try again"));
    fill(byId("notices"), h("div", { class: "notice" },
      h("p", {}, error instanceof Problems ? say("The model cannot run this:") : lost()),
      elsewhere.length > 0 && h("ul", {}, elsewhere.map((one) => h("li", {}, one))), retry));
  }
}
