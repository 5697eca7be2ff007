// A box to say something: typed, done as the one who types, and answered with what came of it.
import { useEffect, useRef, useState } from "preact/hooks";
import { post } from "../api";
import { refresh, useStore } from "../store";
import type { Spoken } from "../types";
import { t } from "../words";
import { Icon } from "./icons";
import { Why } from "./why";

type Exchange = { text: string; room?: string; answer?: Spoken; error?: string };

/** What is remembered while the page is open: the dialog comes and goes. Nobody sees what another said here before. */
let talk: Exchange[] = [];
let speaker: string | undefined;
const KEPT = 20;

export function SayBox({ path, closed }: { path: string; closed: () => void }) {
  const { home, me } = useStore();
  if (speaker !== me?.person) [speaker, talk] = [me?.person, []];
  const dialog = useRef<HTMLDialogElement>(null);
  const box = useRef<HTMLInputElement>(null);
  const [, again] = useState(0);
  const [busy, setBusy] = useState(false);
  const room = /^\/room\/([^/?]+)/.exec(path)?.[1];
  const here = home?.rooms.find((r) => r.key === room);
  useEffect(() => {
    dialog.current?.showModal();
    box.current?.focus();
  }, []);

  const say = async (text: string, inRoom: string | undefined, yes = false) => {
    const exchange: Exchange = { text: yes ? `${t("yes")}: ${text}` : text, room: inRoom };
    talk = [...talk.slice(1 - KEPT), exchange];
    setBusy(true);
    const key = { "Idempotency-Key": crypto.randomUUID?.() ?? `${Date.now()}-${Math.random()}`.slice(0, 40) };
    try {
      exchange.answer = await post<Spoken>("/say", { text, room: inRoom, yes }, key);
    } catch (e) {
      exchange.error = e instanceof Error ? e.message : String(e);
    }
    setBusy(false);
    box.current?.focus();
    void refresh();
  };
  const typed = (event: Event) => {
    event.preventDefault();
    const text = box.current?.value.trim() ?? "";
    if (!text || busy) return;
    box.current!.value = "";
    void say(text, here?.key);
  };
  const last = talk.at(-1);
  const no = () => {
    if (last?.answer) last.answer = { ...last.answer, asks: false, ok: true, answer: `${last.answer.answer} — ${t("no")}.` };
    again((n) => n + 1);
    box.current?.focus();
  };
  return (
    <dialog ref={dialog} class="say" aria-labelledby="say-title" onClose={closed} onClick={(e) => e.target === dialog.current && dialog.current?.close()}>
      <div>
        <header><h2 id="say-title">{t("saySomething")}{here && <small> {here.name}</small>}</h2>
          <button type="button" class="back" aria-label={t("close")} onClick={() => dialog.current?.close()}><Icon name="close" /></button></header>
        <ol class="talk" tabIndex={0} aria-live="polite">
          {talk.map((x, n) => (
            <li key={n}>
              <p class="mine">{x.text}</p>
              {x.answer && <p class={`theirs ${x.answer.ok || x.answer.asks ? "" : "bad"}`}>{x.answer.answer}
                {x.answer.sets[0] && !x.answer.sets[0].target.startsWith("scene:") && <> <Why of={x.answer.sets[0].target} then={() => dialog.current?.close()} /></>}</p>}
              {x.error && <p class="theirs bad">{x.error}</p>}
              {!x.answer && !x.error && <p class="theirs" aria-busy="true">…</p>}
              {x === last && x.answer?.asks && !busy && (
                <p class="sure"><button type="button" class="button danger" onClick={() => void say(x.text, x.room, true)}>{t("yes")}</button>
                  <button type="button" class="button" onClick={no}>{t("no")}</button></p>
              )}
            </li>
          ))}
          {talk.length === 0 && <li class="quiet">{t("sayHint")}</li>}
        </ol>
        <form onSubmit={typed}>
          <input ref={box} aria-labelledby="say-title" maxLength={500} autocomplete="off" enterkeyhint="send" placeholder={t("sayExample")} />
          <button type="submit" class="button primary" disabled={busy}>{t("say")}</button>
        </form>
      </div>
    </dialog>
  );
}
