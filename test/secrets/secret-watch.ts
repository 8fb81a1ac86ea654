const windowLength = 16;

/** Knows secrets in every spelling, and looks for them in whatever a program says. */
export class SecretWatch {
  /** Part of a spelling → whose it is. */
  readonly #parts = new Map<string, string>();
  readonly #leaks = new Set<string>();

  /** Where something was said, and which secret was in it. */
  get leaks(): string[] {
    return [...this.#leaks];
  }

  /** Watches bytes: as they are, as hex, base64, base64url, and as Node prints a Buffer. */
  bytes(name: string, bytes: Buffer): this {
    const hex = bytes.toString('hex');
    this.#spelled(name, hex);
    this.#spelled(name, hex.toUpperCase());
    this.#spelled(name, hex.replaceAll(/../g, '$& '));
    this.#spelled(name, bytes.toString('base64').replace(/=+$/, ''));
    this.#spelled(name, bytes.toString('base64url'));
    this.#spelled(name, bytes.toString('latin1'));
    this.#spelled(name, bytes.toString('utf8'));
    this.#spelled(name, [...bytes].join());
    this.#spelled(name, [...bytes].join(', '));
    return this;
  }

  /** Watches a text: as it is, and as the bytes it consists of. Line by line, when it has lines. */
  text(name: string, text: string): this {
    for (const line of text.split('\n').filter((one) => one.length >= 4 && !one.startsWith('-----'))) {
      if (line.length < windowLength) this.#parts.set(line, name);
      else this.#spelled(name, line);
      this.bytes(name, Buffer.from(line));
    }
    return this;
  }

  /** Looks through what was said. @param except secrets that may be said here, by name */
  heard(where: string, said: string, except: readonly string[] = []): void {
    for (const [part, name] of this.#parts) {
      if (!except.includes(name) && said.includes(part)) this.#leaks.add(`${name} in ${where}`);
    }
  }

  // A part is a leak, too. Every second window of a text is enough to find each part of three windows' length.
  #spelled(name: string, text: string): void {
    if (text.length < windowLength) return;
    for (let at = 0; at + windowLength <= text.length; at += windowLength) {
      this.#parts.set(text.slice(at, at + windowLength), name);
    }
    this.#parts.set(text.slice(-windowLength), name);
  }
}
