// What the visitor asks for: everything that differs from the baseline, and the link that carries it.

export const isDated = (value) => typeof value === "object" && value !== null;

// The value a control shows for dated values: the one farthest from the default.
export function shownValue(lever, value) {
  if (value === undefined) return lever.default;
  if (!isDated(value)) return value;
  const far = (number) => Math.abs(Number(number) - Number(lever.default));
  return Object.values(value).reduce((best, next) => (far(next) > far(best) ? next : best));
}

export const same = (one, other) => JSON.stringify(sorted(one)) === JSON.stringify(sorted(other));

function sorted(value) {
  if (!isDated(value)) return value;
  return Object.fromEntries(Object.keys(value).sort().map((key) => [key, sorted(value[key])]));
}

// What was asked, one state after another, to go back and forth in.
export class Past {
  #states = [];
  #at = -1;

  // A new state cuts off those that were taken back; the same again is none.
  note(state) {
    if (same(state, this.#states[this.#at] ?? {})) return;
    this.#states.splice((this.#at += 1), Infinity, structuredClone(state));
  }

  // Whether there is a state so many steps on (-1: back).
  can(steps) {
    return this.#at + steps in this.#states;
  }

  step(steps) {
    return this.#states[(this.#at += steps)];
  }
}

export class Scenario {
  preset = null;
  settings = {};

  // A control's value; the default takes the setting away.
  set(lever, value) {
    if (value === lever.default) delete this.settings[lever.path];
    else this.settings[lever.path] = value;
  }

  take(settings, preset = null) {
    this.settings = structuredClone(settings);
    this.preset = preset;
  }

  get isBaseline() {
    return Object.keys(this.settings).length === 0;
  }

  // The link's text: base64url of {v: version, p: preset, c: settings}.
  code(version) {
    const told = { v: version, ...(this.preset && { p: this.preset }), c: sorted(this.settings) };
    const bytes = new TextEncoder().encode(JSON.stringify(told));
    return btoa(String.fromCharCode(...bytes)).replaceAll("+", "-").replaceAll("/", "_").replace(/=+$/, "");
  }
}
