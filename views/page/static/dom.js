// Elements in one line each. Nothing here sets inner HTML: whatever a scenario file says stays text.

import { say } from "./words.js";

export function h(tag, props = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(props)) {
    if (value === undefined || value === null || value === false) continue;
    if (name === "on") for (const [event, run] of Object.entries(value)) element.addEventListener(event, run);
    else element.setAttribute(name, value === true ? "" : value);
  }
  element.append(...children.flat().filter((child) => child !== null && child !== undefined && child !== false));
  return element;
}

export const byId = (id) => document.getElementById(id);

export function fill(element, ...children) {
  element.replaceChildren(...children.flat().filter(Boolean));
  return element;
}

// A box above the answer: a sentence, then what else is to be known.
export function notice(words, notes = []) {
  fill(byId("notices"), h("div", { class: "notice" }, h("p", {}, words), notes.length > 0 && h("ul", {}, notes.map((one) => h("li", {}, one)))));
}

// A table that can be wider than a phone: only its own box scrolls.
export function table(label, heads, rows) {
  return h(
    "div", { class: "scroll", tabindex: "0", role: "region", "aria-label": label },
    h("table", {},
      h("thead", {}, h("tr", {}, heads.map((head) => h("th", { scope: "col" }, head)))),
      h("tbody", {}, rows.map((row) =>
        h("tr", {}, row.map((cell, place) => h(place === 0 ? "th" : "td", place === 0 ? { scope: "row" } : {}, cell))))),
    ),
  );
}

// A button that copies a text and says that it did.
export function copyButton(text) {
  const said = h("span", { class: "said", role: "status" });
  const button = h("button", { type: "button", class: "quiet" }, say("Copy"));
  button.addEventListener("click", async () => {
    said.textContent = (await copy(text())) ? say("Copied")
      : say("This browser does not let the page copy: select the text and copy it yourself");
    setTimeout(() => (said.textContent = ""), 5000);
  });
  return h("span", { class: "copy" }, button, said);
}

async function copy(text) {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    // Without permission, or in a page that is not served from this machine: the old way.
    const area = h("textarea", { class: "unseen", readonly: true });
    area.value = text;
    document.body.append(area);
    area.select();
    const done = document.execCommand("copy");
    area.remove();
    return done;
  }
}
