/** The cookies of one browser. */
export class Jar {
  #cookies = new Map();

  /** Takes what an answer sets, and says what that was, without the values. */
  take(response) {
    return response.headers
      .getSetCookie()
      .map((line) => this.#set(line))
      .sort();
  }

  #set(line) {
    const [pair, ...attributes] = line.split(/;\s*/);
    const name = pair.slice(0, pair.indexOf('='));
    const value = pair.slice(pair.indexOf('=') + 1);
    const ended = attributes.some((attribute) => /^max-age=0$/i.test(attribute));
    if (ended || value === '') {
      this.#cookies.delete(name);
    } else {
      this.#cookies.set(name, value);
    }
    const shown = attributes.filter((attribute) => !/^expires=/i.test(attribute)).sort();
    return [name.replace(/(_multi-).+/, '$1:token'), ...shown].join('; ');
  }

  header() {
    return [...this.#cookies].map(([name, value]) => `${name}=${value}`).join('; ');
  }

  /** Another browser with the same cookies. */
  copy() {
    const copy = new Jar();
    this.#cookies.forEach((value, name) => copy.#cookies.set(name, value));
    return copy;
  }

  get(name) {
    return this.#cookies.get(name);
  }

  clear() {
    this.#cookies.clear();
  }
}
