// Coming in: with a password, with a one-time code, or as the first owner.
import { useEffect, useState } from "preact/hooks";
import { get, post } from "../api";
import { Toasts } from "../parts/frame";
import { Icon } from "../parts/icons";
import { go } from "../router";
import type { Me } from "../types";
import { t } from "../words";

export function Login({ path, entered }: { path: string; entered: (me: Me) => void }) {
  const given = path.startsWith("/join/") ? decodeURIComponent(path.slice(6)) : "";
  const [owned, setOwned] = useState<boolean | null>(null);
  const [byCode, setByCode] = useState(given !== "");
  const [error, setError] = useState<string | null>(null);
  const [busy, setBusy] = useState(false);
  useEffect(() => {
    get<{ owned: boolean }>("/door").then((d) => setOwned(d.owned), (e) => setError(e.message));
  }, []);
  const code = byCode || owned === false;
  const submit = async (event: Event) => {
    event.preventDefault();
    const form = new FormData(event.currentTarget as HTMLFormElement);
    const word = (name: string) => String(form.get(name) ?? "").trim();
    setBusy(true);
    setError(null);
    try {
      const password = String(form.get("password") ?? "");
      const person = word("person") || undefined;
      const me = code
        ? await post<Me>("/account", { code: word("code"), password, person })
        : await post<Me>("/session", { person: person ?? "", password });
      if (path.startsWith("/join/")) go("/");
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
        {owned === false && <p>This household has no owner yet. The terminal in which it runs shows a one-time code: it makes you the owner.</p>}
        {code
          ? <label>{t("code")}<input name="code" class="code" autocomplete="one-time-code" autocapitalize="characters" spellcheck={false} required maxLength={64} defaultValue={given} placeholder="XXXXX-XXXXX" /></label>
          : <label>{t("person")}<input name="person" autocomplete="username" autocapitalize="none" spellcheck={false} required maxLength={64} placeholder="anna" /></label>}
        <label>{code ? t("choose") : t("password")}
          <input name="password" type="password" required minLength={code ? 8 : 1} maxLength={256} autocomplete={code ? "new-password" : "current-password"} />
          {code && <small>At least 8 characters. A few words are better than a riddle.</small>}
        </label>
        {error && <p class="banner" role="alert"><Icon name="warn" />{error}</p>}
        <button class="button primary" type="submit" disabled={busy}>{busy ? "…" : t("enter")}</button>
        {owned === true && (
          <button class="link" type="button" onClick={() => { setByCode(!byCode); setError(null); }}>{byCode ? t("haveAccount") : t("haveCode")}</button>
        )}
      </form>
      <Toasts />
    </main>
  );
}
