// People: where they are, who may come in, for how long, and what is open in their names.
import { useState } from "preact/hooks";
import { drop, post } from "../api";
import { useView } from "../parts/ask";
import { Title } from "../parts/frame";
import { Icon } from "../parts/icons";
import { state, changed, stopListening, toast, useStore } from "../store";
import type { Account, Guest, Person, Token } from "../types";
import { ago, clock, day, left, t } from "../words";

const words = (e: unknown): string => (e instanceof Error ? e.message : String(e));

export function PeoplePage() {
  const { me, home } = useStore();
  const [people] = useView<Person[]>("/people", (k) => k === "person_moved");
  const rooms = new Map(home?.rooms.map((r) => [r.key, r.name]));
  const out = async () => {
    await drop("/session").catch((e) => toast(words(e)));
    stopListening();
    state.me = null;
    state.home = null;
    changed();
  };
  return (
    <>
      <Title aside={<button type="button" class="button" onClick={() => void out()}><Icon name="out" />{t("logout")}</button>}>People</Title>
      <ul class="readings">
        {people?.map((p) => (
          <li key={p.key}><span>{p.name}<small>{[p.key === me?.person ? "that is you" : "", p.since ? ago(p.since) : ""].filter(Boolean).join(", ")}</small></span>
            <strong>{p.room ? (rooms.get(p.room) ?? p.room) : p.presence === "home" ? t("home") : p.presence === "away" ? t("away") : t("unknown")}</strong></li>
        ))}
      </ul>
      {me?.role === "owner" && <><Accounts /><Guests /></>}
      <Tokens />
    </>
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
    <section aria-label="Who may come in"><h2>Who may come in</h2>
      {code && (
        <div class="need notice" role="status"><Icon name="bell" />
          <span>Tell {code.person}: <b class="code">{code.code}</b><br /><small>or send {location.origin}/join/{code.code} — once, within a day</small></span></div>
      )}
      <ul class="readings">
        {accounts?.map((a) => (
          <li key={a.key}><span>{a.name}<small>{a.role}, {a.account ? `${a.sessions} open` : a.invited ? "a code is out" : "cannot log in yet"}</small></span>
            <button type="button" class="button" aria-label={`${a.account ? "New password for" : "Invite"} ${a.name}`} onClick={() => void invite(a.key)}>{a.account ? "New password" : "Invite"}</button></li>
        ))}
      </ul>
    </section>
  );
}

const LASTS: [string, string][] = [["14400", "4 hours"], ["86400", "a day"], ["259200", "3 days"], ["604800", "a week"], ["2678400", "a month"]];

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
    <section aria-label="Guests by link"><h2>Guests by link</h2>
      {made && (
        <div class="need notice" role="status"><Icon name="bell" />
          <span>Send {made.guest.name} this, until {day(made.guest.ends, home?.zone)} {clock(made.guest.ends, home?.zone).slice(0, 5)}: <b class="token">{location.origin}{made.path}</b><br /><small>or the code <b class="code">{made.code}</b> at “I am a guest”; it is shown this once</small></span></div>
      )}
      {guests && guests.length > 0 && (
        <ul class="readings">
          {guests.map((g) => (
            <li key={g.key}><span>{g.name}<small>{g.rooms.map((r) => rooms.get(r) ?? r).join(", ")}; by {g.by}, {g.sessions === 0 ? "not come yet" : `on ${g.sessions} ${g.sessions === 1 ? "device" : "devices"}`}</small></span>
              <strong class="quiet">{left(g.ends)}</strong>
              <button type="button" class="button" aria-label={`End the link of ${g.name}`} onClick={() => void end(g)}>End</button></li>
          ))}
        </ul>
      )}
      <details class="rest"><summary>Make a link</summary>
        <form class="entity invite" aria-label="A guest link" onSubmit={(e) => void make(e)}>
          <label>Name <input name="name" required maxLength={60} placeholder="Aunt Ida" /></label>
          <fieldset><legend>Sees and moves things in</legend>{home?.rooms.map((r) => <label key={r.key}><input type="checkbox" name="room" value={r.key} />{r.name}</label>)}</fieldset>
          <label>Ends by itself after <select name="lasts" defaultValue="86400">{LASTS.map(([s, w]) => <option key={s} value={s} selected={s === "86400"}>{w}</option>)}</select></label>
          {error && <p class="banner" role="alert"><Icon name="warn" />{error}</p>}
          <button type="submit" class="button">Make the link</button>
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
    <section aria-label="What is open"><h2>What is open</h2>
      <ul class="readings">
        {tokens?.map((x) => (
          <li key={x.id}><span>{browser(x.name)}<small>{x.current ? "this one, " : ""}{x.person}, used {ago(x.used)}</small></span>
            {!x.current && <button type="button" class="button" aria-label={`End ${x.name} of ${x.person}`} onClick={() => void end(x.id)}>End</button>}</li>
        ))}
      </ul>
      {(me?.role === "owner" || me?.role === "adult") && (
        <form class="filters" onSubmit={(e) => void make(e)}>
          <label>A token for a program or a wall display <input name="name" required maxLength={80} placeholder="kitchen tablet" /></label>
          <button type="submit" class="button">Make</button>
        </form>
      )}
      {made && <div class="need notice" role="status"><Icon name="bell" /><span>It is shown this once: <code class="token">{made}</code></span></div>}
    </section>
  );
}

/** `Firefox on Linux`, from what a browser calls itself. */
function browser(agent: string): string {
  const name = /(Firefox|Edg|OPR|Chrome|Safari)\//.exec(agent)?.[1];
  if (!name) return agent;
  const system = /(Android|iPhone|iPad|Windows|Mac OS X|Linux)/.exec(agent)?.[1] ?? "";
  return `${({ Edg: "Edge", OPR: "Opera" } as Record<string, string>)[name] ?? name}${system ? ` on ${system.replace("Mac OS X", "Mac")}` : ""}`;
}
