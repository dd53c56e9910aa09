// Starts the page: its language, its tabs, the scenario in its address.

import { byId, fill, h, notice } from "./dom.js";
import { keepButtons, recite } from "./keep.js";
import { same } from "./scenario.js";
import { Problems, below, getPage, readLink } from "./server.js";
import { TakeAway } from "./take_away.js";
import { WhatIf } from "./what_if.js";
import { Why } from "./why.js";
import { here, label, language, learn, lost, say } from "./words.js";

const TABS = ["what-if", "why", "live", "take-away"];
const asked = new URLSearchParams(location.search);

function wantedLanguage() {
  const wanted = asked.get("lang") ?? (navigator.language.startsWith("zh") ? "zh" : "en");
  return wanted === "zh" ? "zh" : "en";
}

// The address of this page with the scenario in it.
function address(scenario, page) {
  const found = new URL(location.href);
  found.search = "";
  if (asked.has("lang") || language === "zh") found.searchParams.set("lang", language);
  if (!scenario.isBaseline) found.searchParams.set("s", scenario.code(page.version));
  return found;
}

function showTab(name, opened) {
  for (const one of TABS) {
    const chosen = one === name;
    byId(one).hidden = !chosen;
    const tab = byId(`tab-${one}`);
    tab.setAttribute("aria-selected", String(chosen));
    tab.tabIndex = chosen ? 0 : -1;
  }
  opened[name]?.();
}

function wireTabs(opened) {
  const go = (name, focus) => {
    history.replaceState(null, "", name === "what-if" ? location.pathname + location.search : `#${name}`);
    showTab(name, opened);
    if (focus) byId(`tab-${name}`).focus();
    else scrollTo(0, 0);
  };
  for (const [place, name] of TABS.entries()) {
    const tab = byId(`tab-${name}`);
    tab.addEventListener("click", () => go(name, false));
    tab.addEventListener("keydown", (event) => {
      const to = { ArrowRight: place + 1, ArrowLeft: place - 1, Home: 0, End: TABS.length - 1 }[event.key];
      if (to === undefined) return;
      event.preventDefault();
      go(TABS[(to + TABS.length) % TABS.length], true);
    });
  }
  addEventListener("hashchange", () => {
    const name = location.hash.slice(1);
    if (TABS.includes(name)) showTab(name, opened);
  });
  return go;
}

// The live market is a whole application of its own, which plays the shipped scenarios: it is loaded when somebody
// looks at it, and told apart from what the visitor has changed here.
function openLive(scenario, { presets, version }) {
  const body = byId("live-body");
  const own = presets.find((preset) => same(preset.settings, scenario.settings));
  const played = own ?? presets.find((preset) => preset.id === "baseline");
  const source = below(`live/?${new URLSearchParams({ lang: language, scenario: played.id })}`);
  const words = h("p", { class: "hint", id: "live-plays", role: "status" }, own
    ? say("Playing: {title}.", { title: played.title })
    : say("The live market plays shipped scenarios only: this is “{title}”, without what you changed.", { title: played.title }), " ",
    h("a", { href: source, target: "_blank", rel: "noopener" }, say("Open it in a window of its own")));
  const playing = body.querySelector("iframe");
  if (playing?.getAttribute("src") === source) body.firstChild.replaceWith(words);
  else fill(body, words, h("iframe", { src: source, title: say("The live market"), class: "live", on: { load: (event) => fitted(event.target, played.title, version) } }));
}

// The frame is as high as what it shows, whatever is opened in it, and its pictures can be kept.
function fitted(frame, scenario, version) {
  const { body } = frame.contentDocument;
  const sizes = new ResizeObserver(([market]) => (frame.style.height = `${Math.ceil(market.target.getBoundingClientRect().height) + 24}px`));
  new MutationObserver(() => {
    const market = body.querySelector(".live");
    if (market) sizes.observe(market);
    for (const card of body.querySelectorAll(".live-card:has(svg):not(:has(.keep))")) {
      const month = () => body.querySelector(".live-month").textContent;
      card.append(keepButtons(() => ({ title: card.querySelector("h2").textContent.trim(), unit: `${scenario}${say(" · ")}${month()}`,
        parts: [...card.querySelectorAll("svg")].map((svg) => ({ svg })), notes: [...card.querySelectorAll(".live-note")].map((note) => note.textContent.trim()), version })));
    }
  }).observe(body, { childList: true, subtree: true });
}

// What the address carries, or else the scenario that the program was started with; what stays behind is told.
async function open(whatIf, page) {
  const code = asked.get("s");
  const initial = code ? null : page.initial;
  try {
    const { settings, preset = null, notes = [] } = code ? await readLink(code, language) : initial ?? { settings: {} };
    whatIf.take(settings, preset);
    if (initial || notes.length) notice(initial
      ? say("Opened with the scenario “{title}”: what it changes stands in the levers and under “What you changed”.", { title: initial.title })
      : say("Of this link:"), notes);
  } catch (error) {
    whatIf.take({});
    const told = error instanceof Problems ? error.problems.map((one) => one.message) : [lost()];
    notice(say("The scenario in this link cannot be read; this is the baseline instead."), told);
  }
}

async function assemble(page) {
  let takeAway = null;
  const whatIf = new WhatIf(page, () => {
    history.replaceState(null, "", address(whatIf.scenario, page));
    for (const link of document.querySelectorAll("[data-language]")) {
      const there = address(whatIf.scenario, page);
      there.searchParams.set("lang", link.dataset.language);
      link.href = there.href;
    }
    takeAway?.refresh();
    recite();
  });
  const why = new Why(page, whatIf);
  const opened = { why: () => why.open(), live: () => openLive(whatIf.scenario, page), "take-away": () => takeAway.refresh(), "what-if": () => whatIf.draw(false) };
  const go = wireTabs(opened);
  const plain = () => {
    const there = address(whatIf.scenario, page);
    there.hash = "";
    return there.href;
  };
  takeAway = new TakeAway(page, whatIf, plain, () => go("what-if", true));
  await open(whatIf, page);
  if (TABS.includes(location.hash.slice(1))) showTab(location.hash.slice(1), opened);
  byId("foot").textContent = here(say("China Labour Lab {version} · runs on this computer, asks nothing of the network", { version: page.version }),
    say("China Labour Lab {version} · computed by the server of this page, which asks nothing of anybody else", { version: page.version }));
}

async function start() {
  await learn(wantedLanguage());
  label(document);
  for (const link of document.querySelectorAll("[data-language]")) {
    if (link.dataset.language === language) link.setAttribute("aria-current", "true");
  }
  try {
    await assemble(await getPage(language));
    document.body.dataset.ready = "true";
  } catch (error) {
    if (!(error instanceof Problems)) console.error(error);
    fill(byId("notices"), h("div", { class: "notice" }, h("p", {}, here(
      say("The page could not be filled. The program behind it may have been stopped: start it again with “python run.py view”."),
      say("The page could not be filled. Its server may have been stopped: try again in a while."))),
      h("button", { type: "button", on: { click: () => location.reload() } }, say("Try again"))));
  }
}

start();
