// People: where they are, who may come in, for how long, and what is open in their names.
import { useState } from "preact/hooks";
import { drop, post } from "../api";
import { useView } from "../parts/ask";
import { Title } from "../parts/frame";
import { Icon } from "../parts/icons";
import { state, changed, stopListening, toast, useStore } from "../store";
import type { Account, Guest, Home, Person, Token } from "../types";
import { T, ago, clock, day, left, t, word } from "../words";
import type { Key } from "../words";
import { Language } from "../parts/language";
import { may } from "../parts/places";

const words = (e: unknown): string => (e instanceof Error ? e.message : String(e));

/** Where somebody is, as far as it is known. */
export const whereabouts = (p: Person, home: Home): string =>
  p.room ? (home.rooms.find((r) => r.key === p.room)?.name ?? p.room) : p.presence === "home" ? t("home") : p.presence === "away" ? t("away") : t("unknown");

export function PeoplePage() {
  const { me } = useStore();
  const out = async () => {
    await drop("/session").catch((e) => toast(words(e)));
    stopListening();
    state.me = null;
    state.home = null;
    changed();
  };
  return (
    <>
      <Title aside={<button type="button" class="button" onClick={() => void out()}><Icon name="out" />{t("logout")}</button>}>{me?.role === "guest" ? me.name : t("people")}</Title>
      {may(me, "person") && <Everybody />}
      {me?.role === "owner" && <><Accounts /><Guests /></>}
      <Tokens />
      <Language />
    </>
  );
}

function Everybody() {
  const { me, home } = useStore();
  const [people] = useView<Person[]>("/people", (k) => k === "person_moved");
  return (
    <ul class="readings">
      {people?.map((p) => (
        <li key={p.key}><a href={`/person/${encodeURIComponent(p.key)}`}>{p.name}<small>{[p.key === me?.person ? t("people.you") : "", p.since ? ago(p.since) : ""].filter(Boolean).join(", ")}</small></a>
          <strong>{home && whereabouts(p, home)}</strong></li>
      ))}
    </ul>
  );
}

function Accounts() {
  const [accounts, , again] = useView<Account[]>("/accounts");
  const [code, setCode] = useState<{ person: string; code: string } | null>(null);
  const invite = async (person: string) => {
    try {
      setCode(await post(`/accounts/${encodeURIComponent(person)}/code`));
    } catch (e) {
      toast(words(e));
    }
    again();
  };
  return (
    <section aria-label={t("people.may")}><h2>{t("people.may")}</h2>
      {code && (
        <div class="need notice" role="status"><Icon name="bell" />
          <span><T of="people.tell" person={code.person} code={<b class="code">{code.code}</b>} /><br /><small>{t("people.send", { link: `${location.origin}/join/${code.code}` })}</small></span></div>
      )}
      <ul class="readings">
        {accounts?.map((a) => (
          <li key={a.key}><span>{a.name}<small>{t(a.account ? "people.open" : a.invited ? "people.codeOut" : "people.cannot", { role: word("role", a.role), n: a.sessions })}</small></span>
            <button type="button" class="button" aria-label={t(a.account ? "people.newPasswordFor" : "people.inviteOne", { name: a.name })} onClick={() => void invite(a.key)}>{t(a.account ? "people.newPassword" : "people.invite")}</button></li>
        ))}
      </ul>
    </section>
  );
}

const LASTS: [string, Key][] = [["14400", "lasts.14400"], ["86400", "lasts.86400"], ["259200", "lasts.259200"], ["604800", "lasts.604800"], ["2678400", "lasts.2678400"]];

/** A link for somebody who comes for a while: which rooms, and for how long. */
function Guests() {
  const { home } = useStore();
  const [guests, , again] = useView<Guest[]>("/guests", (k) => k === "notice" || k === "home_loaded");
  const [made, setMade] = useState<{ guest: Guest; code: string; path: string } | null>(null);
  const [error, setError] = useState<string | null>(null);
  const rooms = new Map(home?.rooms.map((r) => [r.key, r.name]));
  const make = async (event: Event) => {
    event.preventDefault();
    const form = event.currentTarget as HTMLFormElement;
    const said = new FormData(form);
    setError(null);
    try {
      setMade(await post("/guests", { name: String(said.get("name")), rooms: said.getAll("room"), lasts_s: Number(said.get("lasts")) }));
      form.reset();
      (form.elements.namedItem("lasts") as HTMLSelectElement).value = "86400";
    } catch (e) {
      setError(words(e));
    }
    again();
  };
  const end = async (guest: Guest) => {
    await drop(`/guests/${encodeURIComponent(guest.key)}`).catch((e) => toast(words(e)));
    if (made?.guest.key === guest.key) setMade(null);
    again();
  };
  return (
    <section aria-label={t("guests")}><h2>{t("guests")}</h2>
      {made && (
        <div class="need notice" role="status"><Icon name="bell" />
          <span><T of="guests.send" name={made.guest.name} day={day(made.guest.ends, home?.zone)} time={clock(made.guest.ends, home?.zone).slice(0, 5)} link={<b class="token">{location.origin}{made.path}</b>} /><br />
            <small><T of="guests.orCode" code={<b class="code">{made.code}</b>} /></small></span></div>
      )}
      {guests && guests.length > 0 && (
        <ul class="readings">
          {guests.map((g) => (
            <li key={g.key}><span>{g.name}<small>{t(g.sessions === 0 ? "guests.notCome" : "guests.on", { rooms: g.rooms.map((r) => rooms.get(r) ?? r).join(", "), by: g.by, n: g.sessions })}</small></span>
              <strong class="quiet">{left(g.ends)}</strong>
              <button type="button" class="button" aria-label={t("guests.end", { name: g.name })} onClick={() => void end(g)}>{t("end")}</button></li>
          ))}
        </ul>
      )}
      <details class="rest"><summary>{t("guests.make")}</summary>
        <form class="entity invite" aria-label={t("guests.form")} onSubmit={(e) => void make(e)}>
          <label>{t("name")} <input name="name" required maxLength={60} placeholder={t("guests.example")} /></label>
          <fieldset><legend>{t("guests.sees")}</legend>{home?.rooms.map((r) => <label key={r.key}><input type="checkbox" name="room" value={r.key} />{r.name}</label>)}</fieldset>
          <label>{t("guests.ends")} <select name="lasts" defaultValue="86400">{LASTS.map(([s, w]) => <option key={s} value={s} selected={s === "86400"}>{t(w)}</option>)}</select></label>
          {error && <p class="banner" role="alert"><Icon name="warn" />{error}</p>}
          <button type="submit" class="button">{t("guests.do")}</button>
        </form></details>
    </section>
  );
}

function Tokens() {
  const { me } = useStore();
  const [tokens, , again] = useView<Token[]>("/tokens");
  const [made, setMade] = useState<string | null>(null);
  const end = async (id: string) => {
    await drop(`/tokens/${id}`).catch((e) => toast(words(e)));
    again();
  };
  const make = async (event: Event) => {
    event.preventDefault();
    const form = event.currentTarget as HTMLFormElement;
    try {
      const token = await post<{ token: string }>("/tokens", { name: String(new FormData(form).get("name")) });
      setMade(token.token);
      form.reset();
    } catch (e) {
      toast(words(e));
    }
    again();
  };
  return (
    <section aria-label={t("tokens")}><h2>{t("tokens")}</h2>
      <ul class="readings">
        {tokens?.map((x) => (
          <li key={x.id}><span>{browser(x.name)}<small>{t(x.current ? "tokens.this" : "tokens.other", { person: x.person, ago: ago(x.used) })}</small></span>
            {!x.current && <button type="button" class="button" aria-label={t("tokens.end", { name: x.name, person: x.person })} onClick={() => void end(x.id)}>{t("end")}</button>}</li>
        ))}
      </ul>
      {(me?.role === "owner" || me?.role === "adult") && (
        <form class="filters" onSubmit={(e) => void make(e)}>
          <label>{t("tokens.for")} <input name="name" required maxLength={80} placeholder={t("tokens.example")} /></label>
          <button type="submit" class="button">{t("tokens.make")}</button>
        </form>
      )}
      {made && <div class="need notice" role="status"><Icon name="bell" /><span><T of="tokens.once" token={<code class="token">{made}</code>} /></span></div>}
    </section>
  );
}

/** `Firefox on Linux`, from what a browser calls itself. */
function browser(agent: string): string {
  const name = /(Firefox|Edg|OPR|Chrome|Safari)\//.exec(agent)?.[1];
  if (!name) return agent;
  const system = /(Android|iPhone|iPad|Windows|Mac OS X|Linux)/.exec(agent)?.[1] ?? "";
  const called = ({ Edg: "Edge", OPR: "Opera" } as Record<string, string>)[name] ?? name;
  return system ? t("browser.on", { name: called, system: system.replace("Mac OS X", "Mac") }) : called;
}
