// Coming in: with a password, with a one-time code, as the first owner, or as a guest.
import { useEffect, useState } from "preact/hooks";
import { get, post } from "../api";
import { Toasts } from "../parts/frame";
import { Icon } from "../parts/icons";
import { decoded, go } from "../router";
import type { Me } from "../types";
import { t } from "../words";

const WAYS = [["password", "haveAccount"], ["code", "haveCode"], ["guest", "amGuest"]] as const;

export function Login({ path, entered }: { path: string; entered: (me: Me) => void }) {
  const given = /^\/(join|guest)\/(.+)$/.exec(path)?.[2] ?? "";
  const [owned, setOwned] = useState<boolean | null>(null);
  const [way, setWay] = useState<"password" | "code" | "guest">(path.startsWith("/guest/") ? "guest" : given ? "code" : "password");
  const [error, setError] = useState<string | null>(null);
  const [busy, setBusy] = useState(false);
  useEffect(() => {
    get<{ owned: boolean }>("/door").then((d) => setOwned(d.owned), (e) => setError(e.message));
  }, []);
  const guest = way === "guest" && owned !== false;
  const code = way !== "password" || owned === false;
  const submit = async (event: Event) => {
    event.preventDefault();
    const form = new FormData(event.currentTarget as HTMLFormElement);
    const word = (name: string) => String(form.get(name) ?? "").trim();
    setBusy(true);
    setError(null);
    try {
      const password = String(form.get("password") ?? "");
      const person = word("person") || undefined;
      const me = guest
        ? await post<Me>("/guest", { code: word("code") })
        : code
        ? await post<Me>("/account", { code: word("code"), password, person })
        : await post<Me>("/session", { person: person ?? "", password });
      if (given) go("/");
      entered(me);
    } catch (e) {
      setError(e instanceof Error ? e.message : String(e));
    }
    setBusy(false);
  };
  return (
    <main class="door" id="main">
      <form onSubmit={submit} aria-labelledby="door-title">
        <img src="/icon.svg" width="72" height="72" alt="" />
        <h1 id="door-title">{owned === false ? t("setUp") : "Lares"}</h1>
        {owned === false && <p>{t("setUp.hint")}</p>}
        {code
          ? <label>{t(guest ? "guestCode" : "code")}<input name="code" class="code" autocomplete="one-time-code" autocapitalize="characters" spellcheck={false} required maxLength={64} defaultValue={decoded(given)} placeholder="XXXXX-XXXXX" /></label>
          : <label>{t("person")}<input name="person" autocomplete="username" autocapitalize="none" spellcheck={false} required maxLength={64} placeholder="anna" /></label>}
        {guest ? <p>{t("guestHint")}</p> : <label>{code ? t("choose") : t("password")}
          <input name="password" type="password" required minLength={code ? 8 : 1} maxLength={256} autocomplete={code ? "new-password" : "current-password"} />
          {code && <small>{t("choose.hint")}</small>}
        </label>}
        {error && <p class="banner" role="alert"><Icon name="warn" />{error}</p>}
        <button class="button primary" type="submit" disabled={busy}>{busy ? "…" : t("enter")}</button>
        {owned === true && (
          <p class="ways">{WAYS.filter(([w]) => w !== way).map(([w, words]) => <button key={w} class="link" type="button" onClick={() => { setWay(w); setError(null); }}>{t(words)}</button>)}</p>
        )}
      </form>
      <Toasts />
    </main>
  );
}
