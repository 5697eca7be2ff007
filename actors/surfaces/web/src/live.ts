// What changes, as it changes. One tab of a browser listens and tells the others: a browser keeps at most six connections to a house
// open, and each tab that listened itself would take one of them for good. A tab that is not seen costs nothing.

/** `hello` and `resync`: look at everything again. `change`: a frame. `lost`: nobody hears the household. */
export type Told = "hello" | "resync" | "change" | "lost";
type Message = { from: string; ask?: true; here?: true; bye?: true; told?: Told | "beat"; data?: string };

/** How long the others have to say that one of them listens. */
const PATIENCE_MS = 120;
/** The household says something every 15 s. What is silent for longer is dead: a phone slept, a cable was pulled. */
const SILENT_MS = 40_000;
const LOOK_MS = 5_000;
const AGAIN_MS = 3_000;

export class Live {
  private readonly me = Math.random().toString(36).slice(2).padEnd(12, "0");
  private readonly channel: BroadcastChannel | null;
  private source: EventSource | null = null;
  private is: "off" | "asking" | "following" | "leading" = "off";
  private heard = 0;
  private ended = false;
  private readonly stops: (() => void)[] = [];

  /** `may`: whether there still is a session, asked when the household refuses. */
  constructor(person: string, private readonly tell: (what: Told, data: string) => void, private readonly may: () => Promise<unknown>) {
    this.channel = "BroadcastChannel" in globalThis ? new BroadcastChannel(`lares-live-${person}`) : null;
    if (this.channel) this.channel.onmessage = (e: MessageEvent<Message>) => this.hear(e.data);
    const on = (target: EventTarget, name: string, then: () => void) => {
      target.addEventListener(name, then);
      this.stops.push(() => target.removeEventListener(name, then));
    };
    on(document, "visibilitychange", () => (document.hidden ? this.close() : this.open()));
    on(globalThis, "pagehide", () => this.close());
    on(globalThis, "pageshow", () => this.open());
    on(globalThis, "online", () => this.open());
    // The machine itself says that its network is gone: no need to wait until the silence is long.
    on(globalThis, "offline", () => this.is !== "off" && this.tell("lost", ""));
    on(document, "resume", () => this.look());
    const look = setInterval(() => this.look(), LOOK_MS);
    this.stops.push(() => clearInterval(look));
    this.open();
  }

  end(): void {
    this.ended = true;
    this.close();
    this.stops.forEach((stop) => stop());
    this.channel?.close();
  }

  private open(): void {
    if (this.is !== "off" || this.ended || document.hidden) return;
    if (!this.channel) return this.lead();
    this.is = "asking";
    this.send({ ask: true });
    setTimeout(() => this.is === "asking" && this.lead(), PATIENCE_MS);
  }

  private lead(): void {
    this.is = "leading";
    this.heard = Date.now();
    const source = (this.source = new EventSource("/api/v1/live"));
    for (const name of ["hello", "resync", "change", "beat"] as const) {
      source.addEventListener(name, (e) => this.pass(name, (e as MessageEvent<string>).data));
    }
    source.onerror = () => {
      if (source !== this.source) return;
      this.pass("lost", "");
      // A refusal closes it for good: look whether the session has ended, and try again.
      if (source.readyState !== EventSource.CLOSED) return;
      this.close();
      const again = () => this.open();
      setTimeout(() => void this.may().then(again, again), AGAIN_MS);
    };
  }

  private follow(): void {
    this.source?.close();
    this.source = null;
    this.is = "following";
    this.heard = Date.now();
    // What came before this tab listened along.
    this.tell("resync", "");
  }

  private close(): void {
    const led = this.is === "leading";
    this.source?.close();
    this.source = null;
    this.is = "off";
    if (led) this.send({ bye: true });
  }

  /** Of the one that listens: to this tab, and to the others. */
  private pass(told: Told | "beat", data: string): void {
    if (told !== "lost") this.heard = Date.now();
    this.send({ told, data });
    if (told !== "beat") this.tell(told, data);
  }

  private hear(message: Message): void {
    // Of two that want to listen it is the one with the lesser name.
    const older = message.from < this.me;
    if (message.ask) {
      if (this.is === "leading" || (this.is === "asking" && !older)) this.send({ here: true });
      else if (this.is === "asking" && older) this.follow();
    } else if (message.here && this.is === "asking") {
      this.follow();
    } else if (message.bye && this.is === "following") {
      this.is = "off";
      setTimeout(() => this.open(), Math.random() * PATIENCE_MS);
    } else if (message.told) {
      if (this.is === "leading" && older) this.follow();
      if (this.is !== "following") return;
      if (message.told !== "lost") this.heard = Date.now();
      if (message.told !== "beat") this.tell(message.told, message.data ?? "");
    }
  }

  /** Timers stand still while a machine sleeps: the first look after it sees how long that was. */
  private look(): void {
    if ((this.is !== "leading" && this.is !== "following") || Date.now() - this.heard < SILENT_MS) return;
    this.tell("lost", "");
    this.close();
    this.open();
  }

  private send(message: Omit<Message, "from">): void {
    // Not after the end: a channel that is closed throws.
    if (!this.ended || message.bye) this.channel?.postMessage({ from: this.me, ...message });
  }
}
