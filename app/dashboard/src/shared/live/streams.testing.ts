import { vi } from "vitest";

type Listener = (message: MessageEvent<string>) => void;

/** A stream of events that says what the test has it say. */
export class FakeSource {
  static readonly CLOSED = 2;
  static opened: FakeSource[] = [];
  onopen: () => void = () => undefined;
  onerror: () => void = () => undefined;
  readyState = 1;
  private readonly listeners = new Map<string, Listener>();

  constructor(readonly address: string) {
    FakeSource.opened.push(this);
  }

  addEventListener(type: string, listener: Listener) {
    this.listeners.set(type, listener);
  }

  close() {
    this.readyState = FakeSource.CLOSED;
  }

  say(type: string, data: Record<string, unknown>, lastEventId: string) {
    this.listeners.get(type)?.(new MessageEvent(type, { data: JSON.stringify(data), lastEventId }));
  }

  /** The browser gave it up. */
  break() {
    this.close();
    this.onerror();
  }
}

/** Tabs of one browser hear each other at once, and one of them has the lock. */
export class FakeChannel {
  private static open: FakeChannel[] = [];
  onmessage: (message: { data: unknown }) => void = () => undefined;

  constructor() {
    FakeChannel.open.push(this);
  }

  postMessage(data: unknown) {
    for (const other of FakeChannel.open) if (other !== this) other.onmessage({ data });
  }

  close() {
    FakeChannel.open = FakeChannel.open.filter((each) => each !== this);
  }
}

function fakeLocks() {
  let before: Promise<unknown> = Promise.resolve();
  const request = (_: string, { signal }: { signal: AbortSignal }, work: () => Promise<void>) => {
    const mine = before.then(() => (signal.aborted ? undefined : work()));
    before = mine;
    return mine;
  };
  return { request };
}

/** With `tabs`, there are locks as on https; without, each page listens for itself. */
export function fakeStreams({ tabs }: { tabs: boolean }) {
  FakeSource.opened = [];
  vi.stubGlobal("EventSource", FakeSource);
  vi.stubGlobal("BroadcastChannel", FakeChannel);
  vi.stubGlobal("navigator", { onLine: true, ...(tabs ? { locks: fakeLocks() } : {}) });
}

export const lastOpened = (): FakeSource => {
  const source = FakeSource.opened.at(-1);
  if (!source) throw new Error("nobody listens");
  return source;
};
