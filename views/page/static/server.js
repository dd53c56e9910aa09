// Talking to the server that served this page, and to nobody else.

// The page may stand below a path: every address is found from where this file came from.
export const below = (path) => new URL(path, new URL("../", import.meta.url)).href;

// What the server says is wrong with what was asked: [{path, line, column, message}].
export class Problems extends Error {
  constructor(problems) {
    super(problems.map((problem) => problem.message).join("\n"));
    this.problems = problems;
  }
}

async function read(answer) {
  if (answer.ok) return answer.json();
  const told = await answer.json().catch(() => null);
  if (told?.problems) throw new Problems(told.problems);
  throw new Error(`${answer.status} ${answer.statusText}`.trim());
}

export const getPage = async (lang) => read(await fetch(below(`api/page?lang=${lang}`)));

export const getWhy = async (preset, lang) =>
  read(await fetch(below(`api/why?${new URLSearchParams({ preset, lang })}`)));

export const getGroups = async (run) => read(await fetch(below(`api/runs/${run}/groups`)));

export const readLink = async (code, lang) => read(await fetch(below(`api/link?${new URLSearchParams({ s: code, lang })}`)));

const post = async (url, body, signal) =>
  read(await fetch(url, {
    method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(body), signal,
  }));

export const checkScenario = async (file, lang) =>
  read(await fetch(below(`api/scenario?${new URLSearchParams({ name: file.name, lang })}`), {
    method: "POST", headers: { "Content-Type": "application/yaml" }, body: file,
  }));

// A file with the name that the server gives it.
export async function fetchFile(address) {
  const answer = await fetch(address);
  if (!answer.ok) await read(answer);
  const called = answer.headers.get("Content-Disposition")?.match(/filename="([^"]+)"/)?.[1];
  return { content: await answer.blob(), called };
}

export const download = (run, file) => below(`api/runs/${encodeURIComponent(run)}/${file}`);

// One question at a time: asking again closes the stream of the last one, which stops its work on the server.
export class Asker {
  #url;
  #told;
  #stream = null;
  #request = null;

  // told: {answer(data, run), progress(data), failure(error)}
  constructor(url, told) {
    this.#url = url;
    this.#told = told;
  }

  stop() {
    this.#request?.abort();
    this.#stream?.close();
    this.#request = this.#stream = null;
  }

  async ask(body) {
    this.stop();
    const request = (this.#request = new AbortController());
    try {
      const { run } = await post(below(this.#url), body, request.signal);
      if (request.signal.aborted) return;
      this.#listen(run);
    } catch (error) {
      if (error.name !== "AbortError") this.#told.failure(error);
    }
  }

  #listen(run) {
    const stream = (this.#stream = new EventSource(download(run, "events")));
    let finished = false;
    const take = (name, act) => stream.addEventListener(name, (event) => stream === this.#stream && act(JSON.parse(event.data)));
    const close = () => {
      finished = true;
      stream.close();
    };
    take("answer", (data) => {
      if (data.final !== false) close();
      this.#told.answer(data, run);
    });
    take("progress", (data) => this.#told.progress?.(data));
    take("problem", (data) => {
      close();
      this.#told.failure(new Problems(data.problems ?? [data]));
    });
    // An EventSource would knock again for ever; a person is told instead, and may.
    stream.addEventListener("error", () => {
      if (finished || stream !== this.#stream) return;
      close();
      this.#told.failure(new Error("stream"));
    });
  }
}
