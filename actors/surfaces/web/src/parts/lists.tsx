// Lists: what is to be bought and done. A tap ticks something off, a field takes what comes to mind.
import { useState } from "preact/hooks";
import { post } from "../api";
import { toast, useStore } from "../store";
import type { BoardOf, Done, ListOf } from "../types";
import { coming, t } from "../words";
import { useView } from "./ask";
import { Icon } from "./icons";
import { may } from "./places";

const FEW = 4;

export const useLists = () => useView<ListOf[]>("/lists", (kind) => kind === "lists");

export const listName = (of: ListOf): string => of.name ?? t(of.list === "shopping" ? "lists.shopping" : of.list === "todo" ? "lists.todo" : "lists.rest");

/** What came of it, in words, if it did not come about. */
async function wish(path: string, body: unknown): Promise<boolean> {
  const key = { "Idempotency-Key": crypto.randomUUID?.() ?? `${Date.now()}-${Math.random()}`.slice(0, 40) };
  try {
    const done = await post<Done>(path, body, key);
    done.receipts.filter((r) => r.receipt !== "confirmed").forEach((r) => toast(r.text));
    return done.ok;
  } catch (e) {
    toast(e instanceof Error ? e.message : String(e));
    return false;
  }
}

/** `short`: the first few of what is open. */
export function ListCard({ of, again, zone, short = false }: { of: ListOf; again: () => void; zone?: string; short?: boolean }) {
  const name = listName(of);
  const open = of.items.filter((i) => !i.done);
  const shown = short ? open.slice(0, FEW) : of.items;
  return (
    <section class="entity list" aria-label={name}>
      <header><h2>{short ? <a href="/lists">{name}</a> : name}</h2><strong>{open.length || ""}</strong></header>
      {shown.length === 0 && <p class="quiet">{t("lists.empty")}</p>}
      <ul>{shown.map((item) => <Tick key={item.id} item={item} again={again} zone={zone} />)}</ul>
      {shown.length < open.length && short && <a class="link" href="/lists">{t("moreNeeds", { n: open.length - shown.length })}</a>}
      {of.list !== null && <Add list={of.list} name={name} again={again} />}
    </section>
  );
}

/** On a wall: a line in passing, which opens. Whoever may tick things off anywhere does it here too; else it is read. */
export function ListHere({ of, again, zone }: { of: BoardOf["lists"][number]; again: () => void; zone?: string }) {
  const { me } = useStore();
  const name = listName(of);
  const ticks = may(me, "lists");
  const rest = of.open - of.items.length;
  return (
    <details class="list" aria-label={name}>
      <summary><strong>{name}</strong><span>{of.items.map((i) => i.name).join(", ")}</span><b>{of.open}</b></summary>
      <ul>
        {of.items.map((item) => (ticks ? <Tick key={item.id} item={item} again={again} zone={zone} /> : <li key={item.id}>{named(item, zone)}</li>))}
        {rest > 0 && <li class="quiet">{t("moreNeeds", { n: rest })}</li>}
      </ul>
    </details>
  );
}

const named = (item: ListOf["items"][number], zone?: string) => <span>{item.name}{item.due && <small> {coming(item.due, item.due.length <= 10, zone)}</small>}</span>;

function Tick({ item, again, zone }: { item: ListOf["items"][number]; again: () => void; zone?: string }) {
  const [wished, setWished] = useState<boolean | null>(null);
  // Ticked as wished until it is answered; then as the household has it.
  const tick = async () => {
    setWished(!item.done);
    await wish(`/tasks/${encodeURIComponent(item.id)}`, { done: !item.done });
    again();
    setTimeout(() => setWished(null), 600);
  };
  const done = wished ?? item.done;
  return (
    <li class={done ? "done" : ""}>
      <label aria-busy={wished !== null}>
        <input type="checkbox" checked={done} disabled={wished !== null} onChange={() => void tick()} />
        {named(item, zone)}
      </label>
    </li>
  );
}

function Add({ list, name, again }: { list: string; name: string; again: () => void }) {
  const [typed, setTyped] = useState("");
  const [busy, setBusy] = useState(false);
  const add = async (e: Event) => {
    e.preventDefault();
    if (!typed.trim() || busy) return;
    setBusy(true);
    // What was not taken stays typed.
    if (await wish(`/lists/${encodeURIComponent(list)}`, { name: typed.trim() })) setTyped("");
    setBusy(false);
    again();
  };
  return (
    <form class="words" onSubmit={(e) => void add(e)}>
      <input aria-label={t("lists.addTo", { name })} placeholder={t("lists.add")} autocomplete="off" enterkeyhint="done" maxLength={200} value={typed} onInput={(e) => setTyped(e.currentTarget.value)} />
      <button type="submit" class="button" aria-label={t("lists.addDo", { name })} disabled={busy}><Icon name="plus" /></button>
    </form>
  );
}
