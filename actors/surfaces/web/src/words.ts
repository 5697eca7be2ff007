// What is said, by language. English first; another language is another table of the same keys.
const en = {
  now: "Now", find: "Find", journal: "Journal", house: "House", people: "People", why: "Why",
  nobody: "empty", somebody: "someone here", unknownPresence: "no presence sensor",
  home: "at home", away: "away", unknown: "unknown",
  allWell: "All is well", lightsOff: "lights off", unplaced: "In no room yet",
  offline: "The household does not answer. Trying again…",
  stale: "too old to count", gone: "cannot be reached",
  login: "Log in", person: "Who are you?", password: "Password", code: "One-time code",
  haveCode: "I have a code", haveAccount: "I have a password", welcome: "You are a guest here until", amGuest: "I am a guest", guestCode: "The code of your link", guestHint: "You are welcome. The code lets you in until it ends; you need no password.", choose: "Choose a password",
  say: "Say", saySomething: "Say something", sayExample: "turn on the kitchen light", close: "Close", yes: "Yes", no: "No",
  sayHint: "Write what the house shall do, or what you want to know: “set the lights to 20 percent”, “how warm is it in the living room?”",
  next: "Next", back: "Back", name: "Name", floor: "Floor",
  tour: "A short tour", tourOffer: "New here?", tourOfferText: "A tour of a minute, through this very house.", tourYes: "Show me around", tourNo: "No, thanks", tourLeave: "Leave the tour", tourDone: "Done", tourLater: "Later",
  tourRoom: "Every room is a tile", tourRoomText: "Who is there, how warm it is, what is open. It glows as its lamps do. Its name opens the room, with all that is in it.",
  tourLight: "One tap switches its lights", tourLightText: "Try it. What you wish is shown at once; it counts as done only when the lamp itself says so.", tourAsked: "asked, no answer yet", tourSaid: "as it says itself", tourAskWhy: "Why is it so?",
  tourWhy: "Everything has its why", tourWhyText: "Who or what did it, by which rule, and what would have done otherwise. You find it behind each value, for ever.",
  tourJournal: "Nothing is forgotten", tourJournalText: "Each line is something that happened. A tap asks why; the filters find one day, one thing, one rule.",
  tourNeeds: "What needs you stands on top", tourNeedsText: "Alarms, what cannot be reached, and what the house asks first: Yes does it, silence is no.", tourNoNeedsText: "All is well. Alarms, what cannot be reached, and what the house asks you would stand up here; silence is always no.",
  tourOwn: "Now a room of your own", tourOwnText: "Say what it is called. It is written into the files of your home, and you can take it back.",
  tourRoomExample: "Study", tourNoFloor: "none", tourWrites: "This is written into", tourMake: "Make the room", tourMade: "in your home now, written into",
  tourUnwritable: "The household may not write into the folder of your home, so nothing was changed. Give it the right to, or put the lines above into the file by hand.",
  tourUnseen: "it is written, but the room does not show; it goes back by itself within a minute.",
  timers: "Timers", paused: "paused", pause: "Pause", resume: "Go on", end: "End",
  empty: "Nothing is in this room yet.", nextDevice: "Now give it a device", nextPair: "Let a device announce itself: start its pairing, or give it the address of your broker. It needs no file.", nextPlace: "It waits under", newDevices: "New devices", nextPlaced: "for its place: choose this room there.",
  setUp: "Welcome home", enter: "Come in", logout: "Log out",
} as const;

export const t = (key: keyof typeof en): string => en[key];

/** `4 s ago`, `12 min ago`, `3 h ago`, `9 d ago`. */
export function ago(at: string | null | undefined, now = Date.now()): string {
  if (!at) return "";
  const s = Math.max(0, Math.round((now - Date.parse(at)) / 1000));
  if (s < 5) return "just now";
  if (s < 120) return `${s} s ago`;
  if (s < 7200) return `${Math.floor(s / 60)} min ago`;
  if (s < 172800) return `${Math.floor(s / 3600)} h ago`;
  return `${Math.floor(s / 86400)} d ago`;
}

/** Seconds as `40 s`, `5 min`, `2 h`, `9 d`. */
export function length(s: number): string {
  if (s < 120) return `${s} s`;
  if (s < 7200) return `${Math.round(s / 60)} min`;
  return s < 172800 ? `${Math.round(s / 360) / 10} h` : `${Math.round(s / 8640) / 10} d`;
}

/** Until then, as `4 min 20 s`. */
export function left(at: string): string {
  const s = Math.max(0, Math.ceil((Date.parse(at) - Date.now()) / 1000));
  return s < 60 ? `${s} s` : s < 3600 ? `${Math.floor(s / 60)} min ${s % 60} s` : length(s);
}

export const bytes = (n: number): string => (n < 1024 ? `${n} B` : `${(n / 1024).toFixed(1)} KiB`);

export const lasting = (at: string | null): string => ago(at).replace(" ago", "").replace("just now", "moments");

export function clock(at: string, zone?: string): string {
  return new Intl.DateTimeFormat(undefined, { hour: "2-digit", minute: "2-digit", second: "2-digit", timeZone: zone })
    .format(new Date(at));
}

export function day(at: string, zone?: string): string {
  return new Intl.DateTimeFormat(undefined, { weekday: "long", day: "numeric", month: "long", timeZone: zone })
    .format(new Date(at));
}

const NAMES: Record<string, string> = {
  on: "Power", brightness: "Brightness", color_temp: "Warmth", color: "Colour", effect: "Effect", position: "Open",
  tilt: "Tilt", target_temperature: "Target", mode: "Mode", fan_mode: "Fan", swing_mode: "Swing", preset_mode: "Preset",
  percentage: "Speed", locked: "Lock", state: "Value", press: "Press", oscillation: "Oscillation", direction: "Direction",
  target_humidity: "Target humidity", current_temperature: "Temperature", current_humidity: "Humidity", action: "Doing",
};
export const propertyName = (p: string): string => NAMES[p] ?? p.replaceAll("_", " ");

export function number(value: number): string {
  const digits = Math.abs(value) >= 100 ? 0 : 1;
  return new Intl.NumberFormat(undefined, { maximumFractionDigits: digits }).format(value);
}

const ON_WORDS: Record<string, [string, string]> = {
  motion: ["motion", "still"], occupancy: ["occupied", "clear"], presence: ["present", "clear"],
  door: ["open", "closed"], window: ["open", "closed"], opening: ["open", "closed"], garage_door: ["open", "closed"],
  moisture: ["wet", "dry"], smoke: ["smoke", "clear"], gas: ["gas", "clear"], lock: ["unlocked", "locked"],
  battery: ["low", "fine"], connectivity: ["connected", "away"], vibration: ["moving", "still"], problem: ["problem", "fine"],
};

/** A value as people say it. */
export function say(value: unknown, unit?: string | null, component?: string, klass?: string | null): string {
  if (value === null || value === undefined) return "—";
  if (typeof value === "boolean") {
    const words = component === "binary_sensor" && klass ? ON_WORDS[klass] : undefined;
    if (component === "lock") return value ? "locked" : "unlocked";
    return words ? words[value ? 0 : 1] : value ? "on" : "off";
  }
  if (typeof value === "number") return unit ? `${number(value)}${unit.startsWith("°") ? "" : " "}${unit}` : number(value);
  return String(value);
}
