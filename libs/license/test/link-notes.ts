import type { LicenseSourceListener } from '@latchkey/license';

/** Notes what a link tells. */
export class LinkNotes implements LicenseSourceListener {
  readonly told: string[] = [];
  throwOn: string | null = null;

  connected(): void {
    this.#note('connected');
  }

  unreachable(problem: string): void {
    this.#note(`unreachable: ${problem}`);
  }

  broadcast(packet: Uint8Array): void {
    this.#note(Buffer.from(packet).toString());
  }

  reply(packet: Uint8Array): boolean {
    this.#note(`reply: ${Buffer.from(packet).toString()}`);
    return true;
  }

  retained(): void {
    this.#note('retained');
  }

  #note(word: string): void {
    this.told.push(word);
    if (word !== this.throwOn) return;
    this.throwOn = null;
    throw new Error('a bug in the listener');
  }
}
