type Times = {
  /** So long after the first call it runs: what happens together is done once. */
  soon: number;
  /** So much time lies between two runs at least; whenever a call has to wait for that it doubles, up to `most`. */
  least: number;
  most: number;
};

/** Runs something soon after it was asked for, less and less often while that goes on, and not while nobody looks. */
export class Pace {
  private timer: ReturnType<typeof setTimeout> | undefined;
  private asked = false;
  private running = false;
  private apart: number;
  /** When the latest run ended. */
  private ended = -Infinity;
  private readonly stopped = new AbortController();

  constructor(
    private readonly run: () => unknown,
    private readonly times: Times,
  ) {
    this.apart = times.least;
    const { signal } = this.stopped;
    document.addEventListener("visibilitychange", () => (document.hidden ? this.rest() : this.wait()), { signal });
  }

  readonly ask = () => {
    this.asked = true;
    this.wait();
  };

  stop() {
    this.stopped.abort();
    this.rest();
  }

  private rest() {
    clearTimeout(this.timer);
    this.timer = undefined;
  }

  private wait() {
    const { signal } = this.stopped;
    if (!this.asked || this.running || this.timer !== undefined || document.hidden || signal.aborted) return;
    const passed = Date.now() - this.ended;
    if (passed > 2 * this.apart) this.apart = this.times.least; // quiet for long: the next is the first again
    const left = this.apart - passed;
    const pouring = left > this.times.soon;
    this.timer = setTimeout(() => void this.go(pouring), Math.max(this.times.soon, left));
  }

  private async go(pouring: boolean) {
    this.timer = undefined;
    this.asked = false;
    this.running = true;
    if (pouring) this.apart = Math.min(this.apart * 2, this.times.most);
    try {
      await this.run();
    } finally {
      this.running = false;
      this.ended = Date.now();
      this.wait();
    }
  }
}
