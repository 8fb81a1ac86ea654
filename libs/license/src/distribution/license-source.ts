/** What a source tells the one who listens to it. None of these may throw. */
export interface LicenseSourceListener {
  /** The way to the servers is open (again): ask now, pushes may have been missed. */
  connected(): void;
  /**
   * The way is closed; the source keeps trying.
   *
   * @param problem for people, without secrets
   */
  unreachable(problem: string): void;
  /** A broadcast came in: the packet as it is. */
  broadcast(packet: Uint8Array): void;
  /** A reply to the request `id` came in: the packet as it is. True when it was a word of a license-server. */
  reply(packet: Uint8Array, id: string): boolean;
  /** The last broadcast, as the broker kept it, came in: the packet as it is. */
  retained(packet: Uint8Array): void;
}

/** Somewhere licenses come from. It moves bytes and believes nothing. */
export interface LicenseSource {
  /** Starts listening; returns at once and never throws, whatever is reachable. */
  start(listener: LicenseSourceListener): void;
  /** Asks the servers, and the broker's retained copy when none answers. Does nothing while unreachable. */
  ask(): void;
  /** Ends everything at any moment, also in the middle of a first connect. */
  stop(): Promise<void>;
}
