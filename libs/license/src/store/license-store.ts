/** Keeps one sealed key file for an instance. It does not know what is in it. */
export interface LicenseStore {
  /** Where it keeps it, for people. */
  readonly location: string;
  /**
   * What is stored, or null when nothing is. Synchronous, so that a license is in force before the first request.
   *
   * @throws {FILE_REFUSED | FILE_UNREADABLE} when something is there that cannot be used
   */
  read(): string | null;
  /**
   * Stores durably, replacing what was there as a whole or not at all.
   *
   * @throws {FILE_NOT_WRITTEN} when it could not; what was there still is
   */
  write(sealed: string): Promise<void>;
  /** Puts aside a copy of what is stored, once, because it cannot be opened and will be overwritten. */
  keepAside(): Promise<void>;
}
