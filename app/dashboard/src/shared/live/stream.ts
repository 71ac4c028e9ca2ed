// One stream of server-sent events for all tabs of a browser: each takes a connection, and a browser has six of them
// for one server. The tab that holds the lock listens and tells the others; where there are no locks (plain http
// outside this machine), each listens for itself.

export type LiveState = "connecting" | "live" | "reconnecting" | "offline";
export type LiveEvent = { type: string; data: Record<string, unknown> };

/** `last` is the id to go on behind: any tab may have to listen next. */
type Message =
  | { kind: "event"; event: LiveEvent; last: string }
  | { kind: "state"; state: LiveState; last: string }
  | { kind: "hello" };

const ADDRESS = "/api/v1/events";
const TYPES = [
  "task.changed",
  "queue.changed",
  "sync.progress",
  "integration.changed",
  "level.changed",
  "alert.changed",
  "reset",
];
const NAME = "watchfloor.events";
/** After the browser gave a stream up (it does so on any answer that is no stream), try again after so long. */
const AGAIN_MS = 3_000;

export class LiveStream {
  private state: LiveState = "connecting";
  private source: EventSource | null = null;
  private channel: BroadcastChannel | null = null;
  private last = "";
  private started = false;
  private again: ReturnType<typeof setTimeout> | undefined;
  private readonly stopped = new AbortController();
  private readonly stateListeners = new Set<() => void>();
  private readonly refusalListeners = new Set<() => void>();
  private readonly eventListeners = new Set<(event: LiveEvent) => void>();

  /** Once for a page, however often somebody signs in on it. */
  start() {
    if (this.started) return;
    this.started = true;
    const { signal } = this.stopped;
    addEventListener("offline", () => this.become("offline"), { signal });
    addEventListener("online", () => this.reopen(), { signal });
    if ("locks" in navigator && "BroadcastChannel" in globalThis) {
      this.channel = new BroadcastChannel(NAME);
      this.channel.onmessage = (message: MessageEvent<Message>) => this.hear(message.data);
      this.say({ kind: "hello" });
      const untilStopped = new Promise<void>((resolve) => signal.addEventListener("abort", () => resolve()));
      navigator.locks
        .request(NAME, { signal }, () => {
          this.listen();
          return untilStopped;
        })
        .catch(() => undefined); // stopped while it waited
    } else this.listen();
  }

  stop() {
    this.stopped.abort();
    clearTimeout(this.again);
    this.source?.close();
    this.channel?.close();
  }

  readonly current = () => this.state;

  readonly onState = (listener: () => void) => {
    this.stateListeners.add(listener);
    return () => void this.stateListeners.delete(listener);
  };

  /** Called when the server did not let this page listen; a browser tells no script why. */
  readonly onRefusal = (listener: () => void) => {
    this.refusalListeners.add(listener);
    return () => void this.refusalListeners.delete(listener);
  };

  readonly onEvent = (listener: (event: LiveEvent) => void) => {
    this.eventListeners.add(listener);
    return () => void this.eventListeners.delete(listener);
  };

  private listen() {
    const after = this.last ? `?after=${encodeURIComponent(this.last)}` : "";
    const source = new EventSource(ADDRESS + after);
    this.source = source;
    source.onopen = () => this.tell("live");
    source.addEventListener("connected", (message: MessageEvent<string>) => {
      this.last = message.lastEventId;
      this.tell(this.state);
    });
    source.onerror = () => {
      this.tell(navigator.onLine ? "reconnecting" : "offline");
      if (source.readyState !== EventSource.CLOSED) return; // the browser resumes by itself
      clearTimeout(this.again);
      this.again = setTimeout(() => this.reopen(), AGAIN_MS);
      for (const listener of this.refusalListeners) listener();
    };
    for (const type of TYPES)
      source.addEventListener(type, (message: MessageEvent<string>) => this.receive(type, message));
  }

  private reopen() {
    if (!this.source) return;
    this.source.close();
    this.listen();
  }

  private receive(type: string, message: MessageEvent<string>) {
    this.last = message.lastEventId;
    const event = { type, data: JSON.parse(message.data) as Record<string, unknown> };
    this.say({ kind: "event", event, last: this.last });
    this.spread(event);
  }

  private hear(message: Message) {
    if (message.kind === "hello") {
      if (this.source) this.tell(this.state);
      return;
    }
    if (this.source) return; // what a tab says that listened before: this one has begun behind it
    this.last = message.last || this.last;
    if (message.kind === "event") this.spread(message.event);
    else this.become(message.state);
  }

  private tell(state: LiveState) {
    this.become(state);
    this.say({ kind: "state", state, last: this.last });
  }

  private say(message: Message) {
    this.channel?.postMessage(message);
  }

  private become(state: LiveState) {
    if (state === this.state) return;
    this.state = state;
    for (const listener of this.stateListeners) listener();
  }

  private spread(event: LiveEvent) {
    for (const listener of this.eventListeners) listener(event);
  }
}

export const liveStream = new LiveStream();
