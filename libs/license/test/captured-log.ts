import type { LoggerService } from '@nestjs/common';

/** Catches what Nest's logger is given, instead of printing it. */
export class CapturedLog implements LoggerService {
  readonly lines: { readonly level: 'log' | 'warn' | 'error'; readonly message: string }[] = [];

  log(message: unknown, context?: unknown): void {
    this.#add('log', message, context);
  }

  warn(message: unknown, context?: unknown): void {
    this.#add('warn', message, context);
  }

  error(message: unknown, ...rest: unknown[]): void {
    this.#add('error', message, rest.at(-1));
  }

  /** What the library said since the last time this was asked: `level: message`. */
  take(): string[] {
    return this.lines.splice(0).map(({ level, message }) => `${level}: ${message}`);
  }

  #add(level: 'log' | 'warn' | 'error', message: unknown, context: unknown): void {
    if (context === 'License') this.lines.push({ level, message: String(message) });
  }
}
