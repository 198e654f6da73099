const withinInMilliseconds = 5000;

/**
 * Tells when Shift was pressed alone three times within five seconds. A press counts when the key goes up again and
 * nothing else happened in between, so that capital letters, shortcuts, a held key (sticky keys) and an input method
 * that is composing never empty the page.
 */
export class ThriceShift {
  #alone = false;
  #presses: number[] = [];

  /** `isComposing` and key 229 are how browsers mark keys that go to an input method. */
  down(event: {
    key: string;
    repeat: boolean;
    isComposing: boolean;
    keyCode: number;
    ctrlKey: boolean;
    altKey: boolean;
    metaKey: boolean;
  }): void {
    const alone =
      event.key === "Shift" &&
      !event.repeat &&
      !event.isComposing &&
      event.keyCode !== 229 &&
      !event.ctrlKey &&
      !event.altKey &&
      !event.metaKey;
    this.#alone = alone;
    if (!alone) this.#presses = [];
  }

  /** True when this was the third press. */
  up(event: { key: string; isComposing: boolean; keyCode: number; timeStamp: number }): boolean {
    if (event.key !== "Shift") return false;
    if (!this.#alone || event.isComposing || event.keyCode === 229) {
      this.reset();
      return false;
    }
    this.#alone = false;
    this.#presses = [...this.#presses, event.timeStamp].filter(
      (time) => event.timeStamp - time <= withinInMilliseconds,
    );
    if (this.#presses.length < 3) return false;
    this.#presses = [];
    return true;
  }

  /** A click, or the start of a composition: the presses before it were for something else. */
  reset(): void {
    this.#alone = false;
    this.#presses = [];
  }
}
