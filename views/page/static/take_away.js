// The last tab: the link, the command, the files, a scenario of one's own, and how to cite.

import { byId, copyButton, fill, h, notice } from "./dom.js";
import { Problems, checkScenario, download, fetchFile } from "./server.js";
import { language, number, say } from "./words.js";

const FIGURES = ["difference", "unemployment_by_age", "youth_season", "property", "technology_and_age_35", "visa_and_backlash", "beveridge_curve", "job_graph"];
const FILES = ["scenario.yaml", "table.csv", "table.parquet", "figure.png", "figure.svg", "report.html"];

export class TakeAway {
  #page;
  #whatIf;
  #link;
  #loaded;

  // link(): the address that carries the scenario; loaded(): shows the first tab.
  constructor(page, whatIf, link, loaded) {
    this.#page = page;
    this.#whatIf = whatIf;
    this.#link = link;
    this.#loaded = loaded;
    this.address = h("input", { type: "text", readonly: true, id: "link-text", on: { focus: (event) => event.target.select() } });
    this.command = h("pre", { class: "command", tabindex: "0", role: "region", "aria-label": say("take.command_text") }, h("code", {}));
    this.files = h("ul", { class: "files" });
    this.saved = h("p", { class: "hint saved", role: "status" });
    this.figure = h("select", { on: { change: () => this.refresh() } }, FIGURES.map((one) => h("option", { value: one }, say(`figure.${one}`))));
    fill(byId("take-body"), h("div", { class: "take" },
      this.#part("link", h("p", {}, say("take.link_words")), h("p", { class: "row" }, h("label", { class: "unseen", for: "link-text" }, say("take.link_title")), this.address,
        copyButton(() => this.address.value, say("take.copy"), say("take.copied"), say("take.not_copied")))),
      this.#part("command", h("p", {}, say("take.command_words")), this.command,
        copyButton(() => this.command.textContent, say("take.copy"), say("take.copied"), say("take.not_copied"))),
      this.#part("files", h("p", {}, say("take.files_words"), " ", h("label", { class: "which" }, `${say("take.figure")} `, this.figure)), this.files, this.saved),
      this.#part("upload", ...this.#upload()),
      this.#part("cite", h("p", { id: "citation" }, page.citation), copyButton(() => page.citation, say("take.copy"), say("take.copied"), say("take.not_copied"))),
      this.#part("about", ...say("take.about_words").split("\n").map((one) => h("p", {}, one)))));
  }

  #part(name, ...children) {
    return h("section", { class: `part part-${name}`, "aria-labelledby": `part-${name}` }, h("h2", { id: `part-${name}` }, say(`take.${name}_title`)), children);
  }

  // The scenario or its answer is another one.
  refresh() {
    const { run, answer, scenario } = this.#whatIf;
    const [difference] = this.figure.options;
    difference.disabled = scenario.isBaseline;
    if (scenario.isBaseline && difference.selected) this.figure.selectedIndex = 1;
    this.address.value = this.#link();
    this.command.firstChild.textContent = answer?.command ?? "python run.py";
    const query = (file) => new URLSearchParams({ lang: language, ...(file.startsWith("figure") && { figure: this.figure.value }) });
    const entry = (file) => {
      const link = h("a", { href: run ? download(run, `${file}?${query(file)}`) : null, download: true, "data-file": file },
        h("b", {}, say(`file.${file}`)), h("span", {}, say(`file.${file}.words`)));
      link.addEventListener("click", (event) => this.#save(event, link));
      return h("li", {}, link);
    };
    fill(this.files, FILES.map(entry));
  }

  // A figure or a report takes a while to be drawn: the visitor is told, and told when it goes wrong.
  async #save(event, link) {
    event.preventDefault();
    const name = link.dataset.file;
    this.saved.textContent = say("take.making", { file: name });
    try {
      const { content, called } = await fetchFile(link.href);
      const address = URL.createObjectURL(content);
      h("a", { href: address, download: called ?? name }).click();
      setTimeout(() => URL.revokeObjectURL(address), 60_000);
      this.saved.textContent = say("take.made", { file: called ?? name });
    } catch (error) {
      this.saved.textContent = error instanceof Problems ? error.message : say("error.lost");
    }
  }

  #upload() {
    this.file = h("input", { type: "file", id: "upload", accept: ".yaml,.yml", "aria-describedby": "upload-words" });
    this.told = h("div", { class: "told", role: "status" });
    this.file.addEventListener("change", () => this.#read(this.file.files[0]));
    const drop = h("div", { class: "drop" }, h("label", { for: "upload" }, say("take.upload_label")), this.file);
    drop.addEventListener("dragover", (event) => event.preventDefault());
    drop.addEventListener("drop", (event) => {
      event.preventDefault();
      this.#read(event.dataTransfer.files[0]);
    });
    const most = this.#page.limits?.upload_bytes;
    return [h("p", { id: "upload-words" }, say("take.upload_words", { most: most ? number(Math.round(most / 1000)) : "64" })), drop, this.told];
  }

  async #read(file) {
    if (!file) return;
    const most = this.#page.limits?.upload_bytes ?? 65_536;
    if (file.size > most) {
      this.#refuse(file, [{ message: say("take.too_large", { size: number(Math.ceil(file.size / 1000)), most: number(Math.round(most / 1000)) }) }]);
      return;
    }
    try {
      const { settings, title, notes = [] } = await checkScenario(file, language);
      fill(this.told, h("p", { class: "good-news" }, say("take.loaded", { title: title || file.name })));
      this.#whatIf.take(settings);
      this.#loaded();
      if (notes.length) notice(say("take.loaded", { title: title || file.name }), notes);
    } catch (error) {
      this.#refuse(file, error instanceof Problems ? error.problems : [{ message: say("error.lost") }]);
    } finally {
      this.file.value = "";
    }
  }

  // The same words as `run.py check`: file:line:column, then what is wrong.
  #refuse(file, problems) {
    const place = ({ line, column }) => [file.name, line, column].filter(Boolean).join(":");
    fill(this.told, h("p", { class: "bad-news" }, say("take.refused", { n: problems.length })),
      h("ul", { class: "problems" }, problems.map((one) => h("li", {}, h("code", {}, place(one)), " ", one.message))));
  }
}
