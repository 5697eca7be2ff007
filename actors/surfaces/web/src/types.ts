// The views of the API, as far as the dashboard reads them.
export type Json = string | number | boolean | null | Json[] | { [k: string]: Json };
export interface Control {
  property: string; kind: "switch" | "range" | "number" | "choice" | "text" | "color" | "press" | "digits" | "secret";
  min: number | null; max: number | null; step: number | null; options: string[]; unit: string | null;
}
export interface Entity {
  id: string; component: string; name: string; room: string | null; state: Json; unit: string | null;
  device_class: string | null; status: string; stale: boolean; age_s: number | null;
  properties: Record<string, Json>; category: string | null; controls: Control[];
}
export interface Room { key: string; name: string; floor: string | null; occupied: boolean | null; since: string | null; entities: Entity[] }
export interface Person { key: string; name: string; presence: string; room: string | null; since: string | null }
export interface Need { urgency: "alarm" | "trouble" | "question" | "notice"; text: string; about: string | null; at: string | null }
export interface Home { name: string; zone: string; rooms: Room[]; unplaced: Entity[]; people: Person[]; timers: Countdown[]; rings: Ring[]; needs: Need[]; questions: Question[] }
export interface Question { id: string; text: string; rule: string; kind: "suggestion" | "permission" | "step" | "offer"; to: string[]; asked: string; until: string; camera: string | null }
export interface Device {
  id: string; name: string; room: string | null; link: string; manufacturer: string | null; model: string | null;
  status: string; status_detail: string | null; entities: Entity[];
  /** Interlocks that forbid something of it now, in words. */
  interlocks: string[];
}
export interface Me { person: string; name: string; role: "owner" | "adult" | "child" | "guest"; trusted: string; everywhere: boolean; ends: string | null; version: string; language: string; wall: string | null }
export interface Receipt { entity: string; property: string; called: string; event: string | null; receipt: string; text: string }
export interface Done { ok: boolean; receipts: Receipt[] }
export interface Hold { entity: string; property: string; source: string; level: string; value: Json; until: string | null; reason: string; text: string }
export interface Countdown {
  id: string; name: string | null; room: string | null; room_name: string | null; says: string | null; does: string | null;
  length_s: number; left_s: number; due: string | null; cause: string | null;
}
/** A timer that is over, until somebody stops it. */
export interface Ring { id: string; text: string; room: string | null; room_name: string | null; at: string; until: string }
export interface BoardCall { id: string; name: string; text: string | null; question: string | null; until: string | null; camera: string | null }
/** `words`: null where they are not kept; `answer`: null while it is on its way. */
export interface Heard { words: string | null; answer: string | null; ok: boolean; at: string; until: string }
export interface BoardOf {
  alerts: Need[]; calls: BoardCall[]; rings: Ring[]; heard: Heard | null; next: { name: string; at: string; when: string } | null;
  making: { name: string; status: string; step: string | null; next: string | null }[];
  /** `open`: how much is; `items` are the first of it. */
  lists: (ListOf & { list: string; open: number })[];
}
export interface PhoneCall {
  id: string; name: string; at: string | null; now: boolean; number: string | null; reason: string | null; message: string | null;
  outcome: string | null; remark: string | null; minutes: number | null; seconds_kept: number; task: string | null; camera: string | null;
}
export interface Plan { holds: Hold[]; runs: { key: string }[]; timers: Timer[] }
export interface Timer { owner: string; name: string; whose: string; due: string; left_s: number }
export interface Condition { text: string; found: string; met: boolean }
export interface Grounds { rule: string; name: string; file: string; line: number; text: string | null; changed: string; trigger: string; conditions: Condition[] }
export interface Decision {
  property: string; wish: string; source: string; level: string; reason: string; grounds: Grounds | null; outcome_text: string;
  rivals: { source: string; level: string; text: string }[]; receipts: { word: string; text: string; at: string }[];
}
export interface Cause { event: string; kind: string; at: string; origin: string; subject: string; text: string; decision: Decision | null; grounds: Grounds | null; because: Cause[] }
export interface WhyAnswer { of: string; called: string | null; line: string; root: Cause | null; led_to: Cause[]; since: Cause[]; holds: string[]; hints: string[] }
export interface LogLine { id: string; at: string; kind: string; subject: string; origin: string; text: string }
export interface Tree { key: string; path: string; report: null | { state: string; restarts: number; last_error: string | null; waiting: number; handled: number }; children: Tree[] }
export interface Status {
  process: null | { version: string; pid: number; home: string; data: string; trouble: string | null; quarantined: string[]; more: [string, string][] };
  started: string | null; uptime_s: number | null; events: number; bytes: number | null; home: null | { snapshot: string; since: string; files: string[]; refused: string[] };
  links: { link: string; status: string; detail: string | null }[];
  devices: { all: number; online: number; offline: number; quarantined: number; unknown: number }; unplaced: string[]; timers: number; holds: number;
}
export interface Token { id: string; person: string; kind: string; name: string; made: string; used: string; current: boolean }
export interface Guest { key: string; name: string; rooms: string[]; by: string; made: string; ends: string; sessions: number }
export interface Account { key: string; name: string; role: string; account: boolean; invited: boolean; sessions: number; devices: number }
export interface Rule {
  id: string; name: string; state: "on" | "off" | "set aside"; autonomy: string | null; place: string;
  when: string[]; conditions: string[]; then: string[]; otherwise: string[];
}
export interface Trust {
  person: string | null; domain: string | null; verb: string | null; rule: string | null;
  level: string | null; yes: number; done: number; offer: string | null;
}
export interface Trial {
  id: string; name: string; rests: string; trigger: string; others: string[]; met: boolean; goes_on: boolean;
  conditions: Condition[]; steps: { after_s: number; text: string; behind: string[] }[];
}
export interface Scene { id: string; name: string; sets: string[]; holds: number }
export interface Spoken { intent: string | null; answer: string; asks: boolean; ok: boolean; sets: { target: string; values: Record<string, Json> }[] }
export interface Waiting {
  id: string; name: string; room: string | null; new: boolean; link: string; identifiers: string[];
  manufacturer: string | null; model: string | null; status: string; has: string[];
}
export interface Interlock {
  id: string; name: string; of: string; of_name: string; property: string; state: "clear" | "resting" | "tripped" | "latched";
  since: string | null; reason: string | null; allows: string; level: string; watches: string;
}

export interface Change {
  id: number; path: string; who: string; at: string; ends: string; state: "waiting" | "confirmed" | "taken_back" | "left"; by: string | null;
  added: number; gone: number;
  /** Files that changed with it. */
  also: string[];
}
export interface Files { files: { path: string; bytes: number; closed: string | null }[]; changes: Change[] }
export interface FileText { path: string; text: string; tag: string }
export interface Trouble {
  severity: "error" | "warning"; code: string; file: string | null; line: number; column: number; length: number; message: string;
  help: string | null; excerpt: string | null;
}
export interface DiffLine { kind: "same" | "gone" | "added"; old: number | null; new: number | null; text: string }
export interface Checked { ok: boolean; problems: Trouble[]; diff: DiffLine[]; also: { path: string; diff: DiffLine[] }[] }

export interface Hit {
  id: string;
  kind: string;
  ref: string;
  name: string;
  room: string | null;
  status: string | null;
  value: number | string | boolean | null;
  unit: string | null;
  line: string | null;
}

export interface Found {
  nodes: Hit[];
  total: number;
}

/** `list`: null for tasks that stand on none; `name`: null for the household's own. */
export interface ListOf {
  list: string | null;
  name: string | null;
  items: { id: string; name: string; done: boolean; due: string | null }[];
}
