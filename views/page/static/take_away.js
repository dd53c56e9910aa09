// The last tab: the link, the command, the files, a scenario of one's own, and how to cite.

import { byId, copyButton, fill, h, notice } from "./dom.js";
import { Problems, checkScenario, download, fetchFile } from "./server.js";
import { here, language, lost, monthWords, number, say } from "./words.js";

// What can be drawn and taken along, as it is called in the language chosen.
const figures = () => Object.entries({
  difference: say("Difference from the baseline"), unemployment_by_age: say("Unemployment by age"),
  youth_season: say("The season of youth unemployment"), property: say("Property"), technology_and_age_35: say("Technology and age 35"),
  visa_and_backlash: say("The K visa and its backlash"), beveridge_curve: say("The Beveridge curve"), job_graph: say("The job graph"),
});
const files = () => [
  ["scenario.yaml", say("Scenario"), say("YAML, for run.py")],
  ["table.csv", say("Table"), say("CSV, every month")],
  ["table.parquet", say("Table"), say("Parquet, every month and run")],
  ["figure.png", say("Figure"), say("PNG, for slides")],
  ["figure.svg", say("Figure"), say("SVG, for print")],
  ["report.html", say("Report"), say("one page with methods, to read or print")],
];

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
    this.command = h("pre", { class: "command", tabindex: "0", role: "region", "aria-label": say("Command") }, h("code", {}));
    this.files = h("ul", { class: "files" });
    this.saved = h("p", { class: "hint saved", role: "status" });
    this.figure = h("select", { on: { change: () => this.refresh() } }, figures().map(([value, title]) => h("option", { value }, title)));
    fill(byId("take-body"), h("div", { class: "take" },
      this.#part("link", say("A link to this scenario"),
        h("p", {}, here(say("It holds every change and the version of the model. Whoever opens it needs the page running on their own computer."),
        say("It holds every change and the version of the model. Whoever can open this page can open it."))),
        h("p", { class: "row" }, h("label", { class: "unseen", for: "link-text" }, say("A link to this scenario")), this.address,
        copyButton(() => this.address.value))),
      this.#part("command", say("The command that reproduces this"), h("p", {}, say("Run it where the program is installed; the same version gives the same numbers.")), this.command,
        copyButton(() => this.command.textContent)),
      this.#part("files", say("Files"), h("p", {}, say("Of the scenario on the first tab, as last computed."), " ", h("label", { class: "which" }, `${say("Figure:")} `, this.figure)), this.files, this.saved),
      this.#part("upload", say("A scenario of your own"), ...this.#upload()),
      this.#part("cite", say("How to cite"), h("p", { id: "citation" }, page.citation), copyButton(() => page.citation)),
      this.#part("about", say("What this is, and what it is not"),
        h("p", {}, say("The model grows the official numbers from below: graduates, workers past 35, K-visa holders, technology firms and property developers meet on a network of occupations. Its free numbers are fitted to official months up to {month}; the dots on the picture are the official months themselves.", { month: monthWords(page.fitted_to) })),
        h("p", {}, say("The shaded band shows how far single runs spread by chance and by what the fit leaves open about the parameters; the interval of a difference tells how sure its mean is. Neither tells whether the model’s rules are right. Read differences rather than levels, and directions rather than decimals.")),
        h("p", {}, say("Baseline and scenario use common random numbers: every draw that decides who quits, moves or is hired is the same in both until your change makes a difference. That is why a small effect can be told from chance.")))));
  }

  #part(name, title, ...children) {
    return h("section", { class: `part part-${name}`, "aria-labelledby": `part-${name}` }, h("h2", { id: `part-${name}` }, title), children);
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
    const entry = ([file, title, words]) => {
      const link = h("a", { href: run ? download(run, `${file}?${query(file)}`) : null, download: true, "data-file": file },
        h("b", {}, title), h("span", {}, words));
      link.addEventListener("click", (event) => this.#save(event, link));
      return h("li", {}, link);
    };
    fill(this.files, files().map(entry));
  }

  // A figure or a report takes a while to be drawn: the visitor is told, and told when it goes wrong.
  async #save(event, link) {
    event.preventDefault();
    const name = link.dataset.file;
    this.saved.textContent = say("{file} is being made…", { file: name });
    try {
      const { content, called } = await fetchFile(link.href);
      const address = URL.createObjectURL(content);
      h("a", { href: address, download: called ?? name }).click();
      setTimeout(() => URL.revokeObjectURL(address), 60_000);
      this.saved.textContent = say("Saved: {file}", { file: called ?? name });
    } catch (error) {
      this.saved.textContent = error instanceof Problems ? error.message : lost();
    }
  }

  #upload() {
    this.file = h("input", { type: "file", id: "upload", accept: ".yaml,.yml", "aria-describedby": "upload-words" });
    this.told = h("div", { class: "told", role: "status" });
    this.file.addEventListener("change", () => this.#read(this.file.files[0]));
    const drop = h("div", { class: "drop" }, h("label", { for: "upload" }, say("Choose a scenario file, or drop it here")), this.file);
    drop.addEventListener("dragover", (event) => event.preventDefault());
    drop.addEventListener("drop", (event) => {
      event.preventDefault();
      this.#read(event.dataTransfer.files[0]);
    });
    const most = this.#page.limits?.upload_bytes;
    return [h("p", { id: "upload-words" }, say("A YAML file as the command line reads it, at most {most} kB. It is checked to the letter and only read, never run.", { most: most ? number(Math.round(most / 1000)) : "64" })), drop, this.told];
  }

  async #read(file) {
    if (!file) return;
    const most = this.#page.limits?.upload_bytes ?? 65_536;
    if (file.size > most) {
      this.#refuse(file, [{ message: say("The file holds {size} kB; at most {most} kB are read.", { size: number(Math.ceil(file.size / 1000)), most: number(Math.round(most / 1000)) }) }]);
      return;
    }
    try {
      const { settings, title, notes = [] } = await checkScenario(file, language);
      fill(this.told, h("p", { class: "good-news" }, say("Loaded: {title}", { title: title || file.name })));
      this.#whatIf.take(settings);
      this.#loaded();
      if (notes.length) notice(say("Loaded: {title}", { title: title || file.name }), notes);
    } catch (error) {
      this.#refuse(file, error instanceof Problems ? error.problems : [{ message: lost() }]);
    } finally {
      this.file.value = "";
    }
  }

  // The same words as `run.py check`: file:line:column, then what is wrong.
  #refuse(file, problems) {
    const place = ({ line, column }) => [file.name, line, column].filter(Boolean).join(":");
    fill(this.told, h("p", { class: "bad-news" }, say("Problems in the file: {n}. Nothing was run.", { n: problems.length })),
      h("ul", { class: "problems" }, problems.map((one) => h("li", {}, h("code", {}, place(one)), " ", one.message))));
  }
}
