// What the page says: texts of the chosen language, and numbers and months as people write them.

const MINUS = "\u2212";
const NO_BREAK = "\u00a0";
let texts = {};
export let language = "en";

// English is what the code says; other languages have a file, made of the catalogue by `make words`.
export async function learn(wanted) {
  language = wanted;
  if (wanted === "en") return;
  const answer = await fetch(new URL(`texts.${wanted}.json`, import.meta.url));
  if (!answer.ok) throw new Error(`texts.${wanted}.json: ${answer.status}`);
  texts = await answer.json();
}

export function say(text, values = {}) {
  return (texts[text] ?? text).replace(/\{(\w+)\}/g, (whole, name) => values[name] ?? whole);
}

// Whoever looks from another machine is told other things of where it all runs.
const away = !["localhost", "127.0.0.1", "[::1]"].includes(location.hostname);

export const here = (near, far) => (away ? far : near);

export const lost = () => here(
  say("The answer did not arrive. The program behind this page may have been stopped: start it again with “python run.py view”."),
  say("The answer did not arrive. The server of this page may have been stopped: try again in a while."));

// Fills every element that names a text; sets the language of the document for readers aloud.
export function label(root) {
  document.documentElement.lang = language === "zh" ? "zh-CN" : "en";
  document.title = `${say("Youth unemployment in urban China: what if?")} · ${say("China Labour Lab")}`;
  for (const element of root.querySelectorAll("[data-text]")) {
    element.textContent = say(here(element.textContent, element.dataset.away ?? element.textContent));
  }
  for (const element of root.querySelectorAll("[data-label]")) element.setAttribute("aria-label", say(element.dataset.label));
}

const writers = new Map(); // by decimals: making one takes longer than a thousand numbers

export function number(value, places = 0) {
  if (!writers.has(places)) {
    const decimals = { minimumFractionDigits: places, maximumFractionDigits: places };
    writers.set(places, new Intl.NumberFormat(language === "zh" ? "zh-CN" : "en-GB", decimals));
  }
  const text = writers.get(places).format(value);
  return Number(text.replace(/[^\d.]/g, "")) === 0 ? text.replace("-", "") : text.replace("-", MINUS);
}

export const isPercent = (kind) => kind === "rate" || kind === "share";

function people(value) {
  const size = Math.abs(value);
  if (language === "zh") {
    if (size >= 99_950_000) return `${number(value / 1e8, 2)}亿`;
    if (size >= 9_995) return `${number(value / 1e4, size >= 999_500 ? 0 : 1)}万`;
    return number(value);
  }
  if (size >= 999_500) return `${number(value / 1e6, size >= 99_950_000 ? 0 : size < 9_995_000 ? 2 : 1)}${NO_BREAK}million`;
  if (size < 1000) return number(value);
  const step = 10 ** (Math.floor(Math.log10(size)) - 2);
  return number(Math.round(value / step) * step);
}

// Numbers in a sentence as print sets them: a true minus, and no line break before a unit.
export function typeset(text) {
  return text.replace(/(^|[\s(\uff08\uff1a\u4e00-\u9fff])-(?=\d)/g, `$1${MINUS}`).replace(/(\d) (?=%|million\b|points?\b|yuan\b)/g, `$1${NO_BREAK}`)
    .replace(/(\d)-(?=\d{2}\))/g, "$1\u2013");
}

// A level: 16.4 %, 49.6 million, 83.2.
export function amount(kind, value) {
  if (!Number.isFinite(value)) return say("n/a");
  if (isPercent(kind)) return `${number(100 * value, 1)}${NO_BREAK}%`;
  if (kind === "count") return people(value);
  if (kind === "money") return say("{number} yuan", { number: number(value) });
  return number(value, kind === "index" ? 1 : 2);
}

// Enough decimals that an effect of hundredths of a point does not read as nothing.
export function places(kind, ...values) {
  if (!isPercent(kind)) return 1;
  const sizes = values.filter(Number.isFinite).map((value) => Math.abs(100 * value));
  return Math.max(0, ...sizes) < 0.5 ? 2 : 1;
}

// A unit beside a percent sign: "share of wage" is "% of wage", "per year" is "% per year".
export function percentOf(unit) {
  const named = unit.replace(/share|\u6bd4\u4f8b/, "%");
  if (named !== unit) return named;
  return language === "zh" ? `${unit}%` : `% ${unit}`;
}

// A difference, signed: +0.31 points, −120,000.
export function change(kind, value, shown = places(kind, value), unit = true) {
  if (!Number.isFinite(value)) return say("n/a");
  const text = isPercent(kind) ? number(100 * value, shown) : amount(kind, value);
  const signed = value > 0 && /[1-9]/.test(text) ? `+${text}` : text;
  return isPercent(kind) && unit ? say("{number} points", { number: signed }) : signed;
}

export function interval(kind, low, high, shown = places(kind, low, high)) {
  if (!Number.isFinite(low) || !Number.isFinite(high)) return "";
  return say("{low} to {high}", { low: change(kind, low, shown, false), high: change(kind, high, shown, false) });
}

// A number at an axis: `decimals` as fine as the distance between ticks asks (of percent, for rates).
export function tick(kind, value, decimals, last) {
  if (kind === "count") return people(value);
  const text = number(isPercent(kind) ? 100 * value : value, decimals);
  return last && isPercent(kind) ? `${text}${NO_BREAK}%` : text;
}

// 2026-07 as a date, and as words.
export const asDate = (month) => new Date(`${month}-15T00:00:00Z`);

export function monthWords(month) {
  return new Intl.DateTimeFormat(language === "zh" ? "zh-CN" : "en-GB", {
    year: "numeric", month: language === "zh" ? "long" : "short", timeZone: "UTC",
  }).format(asDate(month));
}

export function duration(seconds) {
  return seconds < 90
    ? say("{n} seconds", { n: number(Math.max(1, Math.round(seconds))) })
    : say("{n} minutes", { n: number(Math.round(seconds / 60)) });
}
