// The answer outside the picture: sentences, cards, what changed.

import { fill, h, table } from "./dom.js";
import { amount, change, interval, isPercent, places, say, typeset } from "./words.js";

const ARROWS = { up: "\u25b2", down: "\u25bc" };

// Two plain sentences. They are rewritten only when they differ, or a reader aloud would never fall silent.
export function showSentences(holder, told) {
  const sentences = told.map(typeset);
  const shown = [...holder.children].map((one) => one.textContent);
  if (shown.join("\n") === sentences.join("\n")) return;
  fill(holder, sentences.map((sentence, place) => h("p", { class: place ? "second" : "first" }, sentence)));
}

// One card per headline number; pressing it shows its picture.
export function showCards(holder, cards, charts, indicator, choose) {
  const wanted = cards.map((card) => card.id).join();
  if (holder.dataset.cards !== wanted) {
    fill(holder, cards.map((card) => h("li", {}, h("button", { type: "button", class: "card", "data-card": card.id, on: { click: () => choose(card.id) } }))));
    holder.dataset.cards = wanted;
  }
  for (const [place, button] of [...holder.querySelectorAll(".card")].entries()) {
    const card = cards[place];
    const drawn = charts.some((chart) => chart.indicator === card.id);
    button.disabled = !drawn;
    button.setAttribute("aria-pressed", String(card.id === indicator));
    fill(button, cardBody(card, charts));
  }
}

function cardBody(card, charts) {
  const kind = card.kind ?? charts.find((chart) => chart.indicator === card.id)?.kind ?? "count";
  const has = Number.isFinite(card.change) && Number.isFinite(card.reform);
  const level = has ? card.reform : card.baseline;
  return [
    h("span", { class: "card-label" }, card.label),
    h("span", { class: "card-value" }, amount(kind, level ?? NaN)),
    has ? changeLine(card, kind) : h("span", { class: "card-change" }, say("baseline")),
    has && h("span", { class: "card-certainty" }, certainty(card, kind)),
    card.flag && h("span", { class: "card-flag" }, card.flag),
  ].filter(Boolean);
}

function changeLine(card, kind) {
  const { sign, better = "neither", certainty: sure = "" } = card;
  const shown = places(kind, card.change, card.low, card.high);
  if (sign === "none" || sign === "unclear" || !/[1-9]/.test(change(kind, card.change, shown))) return h("span", { class: "card-change" }, sure);
  const judged = better === "neither" ? sure : [sure, better === "better" ? say("for the better") : say("for the worse")].join(say(", "));
  return h("span", { class: `card-change ${better}` },
    h("span", { "aria-hidden": "true" }, `${ARROWS[sign]} `), change(kind, card.change, shown), h("span", { class: "card-word" }, judged));
}

function certainty(card, kind) {
  const shown = places(kind, card.change, card.low, card.high);
  const between = interval(kind, card.low, card.high, shown);
  if (!/[1-9]/.test(between)) return "";
  return isPercent(kind) ? say("95 % interval {between} points", { between }) : say("95 % interval {between}", { between });
}

const told = (value) => (typeof value === "object" && value !== null
  ? Object.entries(value).map(([month, held]) => `${held} (${month})`).join("; ") : String(value ?? ""));

// Everything that differs from the baseline.
export function showChanged(holder, changed) {
  if (!changed?.length) {
    fill(holder, h("p", { class: "hint" }, say("Nothing yet: this is the baseline.")));
    return;
  }
  const heads = [say("Lever"), say("Baseline"), say("Your scenario"), say("Unit"), say("Name in a scenario file")];
  fill(holder, table(say("Every change in numbers"), heads, changed.map((row) =>
    [row.label, told(row.from), told(row.to), row.unit ?? "", h("code", {}, row.path)])));
}

// The result in one line, at the foot of a phone's screen while the levers are moved.
export function showNowbar(holder, cards, charts) {
  const card = cards?.[0];
  if (!card) return fill(holder);
  const kind = card.kind ?? charts.find((chart) => chart.indicator === card.id)?.kind ?? "rate";
  return fill(holder, h("span", {}, card.label), h("b", {}, amount(kind, Number.isFinite(card.reform) ? card.reform : card.baseline)),
    Number.isFinite(card.change) ? changeLine(card, kind) : null);
}
