// What a room's display shows beside the things in it: who calls, what rings, what was heard, what comes next.
import { useEffect, useState } from "preact/hooks";
import { post, tell } from "../api";
import { refresh, toast } from "../store";
import type { BoardCall, BoardOf, Done, Heard, Question, Ring } from "../types";
import { clock, coming, t, word } from "../words";
import { useView } from "./ask";
import { Icon } from "./icons";
import { ListHere } from "./lists";
import { Why } from "./why";

/** While something rings it may be stopped by a word, which is no event: looked at again so often. */
const RINGS_MS = 2_000;
/** A calendar changes elsewhere. */
const CALENDAR_MS = 60_000;

const KINDS = ["board", "notice", "asked", "replied", "timer_set", "timer_fired", "timer_cancelled", "home_loaded", "reading", "lists"];

/** What stands on the board of a room, and a way to ask again. */
export function useBoard(room: string): [BoardOf | null, () => void] {
  const [board, , again] = useView<BoardOf>(`/rooms/${encodeURIComponent(room)}/board`, (kind) => KINDS.includes(kind));
  const heard = board?.heard?.until;
  const rings = (board?.rings.length ?? 0) > 0;
  useEffect(() => {
    const beat = setInterval(again, rings ? RINGS_MS : CALENDAR_MS);
    return () => clearInterval(beat);
  }, [rings]);
  useEffect(() => {
    if (!heard) return;
    const over = setTimeout(again, Math.max(0, Date.parse(heard) - Date.now()) + 200);
    return () => clearTimeout(over);
  }, [heard]);
  return [board ?? null, again];
}

type Props = { of: BoardOf; zone: string; again: () => void };

/** What wants somebody at once, above everything else. */
export function Pressing({ of: board, zone, again }: Props) {
  return (
    <div class="board">
      <div class="questions" role="status">
        {board.calls.map((call) => <Caller key={call.id} call={call} zone={zone} answered={again} />)}
      </div>
      <Rings of={board.rings} stopped={again} />
      {board.alerts.length > 0 && (
        <div class="needs">
          {board.alerts.map((a) => <div key={a.about} class="need alarm" role="alert"><Icon name="warn" /><span>{a.text}</span></div>)}
        </div>
      )}
      <div role="status" aria-label={t("board.heard")}>{board.heard && <HeardHere of={board.heard} />}</div>
    </div>
  );
}

/** What is read in passing. */
export function Passing({ of: board, zone, again }: Props) {
  return (
    <>
      {(board.next || board.making.length > 0) && (
        <ul class="coming" aria-label={t("board.coming")}>
          {board.next && <li><Icon name="calendar" /><strong>{when(board.next, zone)}</strong><span>{board.next.name}</span></li>}
          {board.making.map((b) => <li key={b.name}><Icon name="making" /><strong>{b.step ?? word("status", b.status)}</strong><span>{b.name}{b.next && <small> {clock(b.next, zone).slice(0, 5)}</small>}</span></li>)}
        </ul>
      )}
      {board.lists.length > 0 && <section class="coming lists" aria-label={t("lists")}>{board.lists.map((of) => <ListHere key={of.list} of={of} again={again} zone={zone} />)}</section>}
    </>
  );
}

const when = (next: { at: string; when: string }, zone: string): string => {
  const whole = next.when.length <= 10;
  return coming(whole ? next.when : next.at, whole, zone);
};

function HeardHere({ of }: { of: Heard }) {
  return (
    <div class={`heard ${of.ok ? "" : "bad"}`}>
      <Icon name="say" />
      <p>{of.words === null ? t("board.something") : <q>{of.words}</q>}<strong>{of.answer ?? "…"}</strong></p>
    </div>
  );
}

/** The last picture of whoever is at a door, looked at again while they are. */
export function AtTheDoor({ camera, name }: { camera: string | null | undefined; name: string }) {
  const [at, setAt] = useState(0);
  const [gone, setGone] = useState(false);
  useEffect(() => {
    if (!camera) return;
    const beat = setInterval(() => document.hidden || (setGone(false), setAt((n) => n + 1)), RINGS_MS);
    return () => clearInterval(beat);
  }, [camera]);
  if (!camera || gone) return null;
  return <img class="at-the-door" src={`/api/v1/entities/${encodeURIComponent(camera)}/picture?at=${at}`} alt={t("board.door", { name })} onError={() => setGone(true)} />;
}

function Caller({ call, zone, answered }: { call: BoardCall; zone: string; answered: () => void }) {
  const text = call.text ?? t("board.calls", { name: call.name });
  return (
    <div class="question permission">
      <AtTheDoor camera={call.camera} name={call.name} />
      <span>{text}{call.until && <small>{t("question.until", { time: clock(call.until, zone) })}</small>}</span>
      {call.question && <Answers of={{ id: call.question, rule: `phone:${call.id}` }} answered={answered} />}
    </div>
  );
}

/** Yes and no; of a call: take it, or not. */
export function Answers({ of, answered }: { of: Pick<Question, "id" | "rule">; answered: () => void }) {
  const [busy, setBusy] = useState(false);
  const call = of.rule.startsWith("phone:");
  const answer = async (yes: boolean) => {
    setBusy(true);
    try {
      await post<Done>(`/questions/${of.id}`, { yes });
    } catch (e) {
      toast(e instanceof Error ? e.message : String(e));
    }
    setBusy(false);
    answered();
    void refresh();
  };
  return (
    <>
      <button type="button" class="button" disabled={busy} onClick={() => void answer(false)}>{call ? t("board.decline") : t("no")}</button>
      <button type="button" class="button primary" disabled={busy} onClick={() => void answer(true)}>{call ? t("board.take") : t("yes")}</button>
    </>
  );
}

/** What rings, until it is stopped here, by a word, or by itself. */
export function Rings({ of, stopped }: { of: Ring[]; stopped: () => void }) {
  if (of.length === 0) return null;
  const stop = async (ring: Ring) => {
    try {
      await tell(`/rings/${encodeURIComponent(ring.id)}/stop`);
    } catch (e) {
      toast(e instanceof Error ? e.message : String(e));
    }
    stopped();
    void refresh();
  };
  return (
    <section class="questions" aria-label={t("board.rings")}>
      {of.map((ring) => (
        <div key={ring.id} class="question rings" role="alert">
          <Icon name="bell" />
          <span>{ring.text}{ring.room_name && <small>{ring.room_name}</small>}</span>
          <Why of={ring.id} />
          <button type="button" class="button primary" onClick={() => void stop(ring)}>{t("board.stop")}</button>
        </div>
      ))}
    </section>
  );
}
