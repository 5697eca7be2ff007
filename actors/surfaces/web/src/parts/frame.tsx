// What is around every page: the way to the others, what failed, and whether the household answers.
import type { ComponentChildren } from "preact";
import { useState } from "preact/hooks";
import { dismiss, useStore } from "../store";
import { t } from "../words";
import { Tour } from "../tour/card";
import { at as touring } from "../tour/state";
import { Icon } from "./icons";
import { SayBox } from "./say";

const PLACES: [string, "now" | "people" | "find" | "journal" | "house", string[]][] = [
  ["/", "now", ["owner", "adult", "child", "guest"]],
  ["/people", "people", ["owner", "adult", "child"]],
  ["/find", "find", ["owner", "adult"]],
  ["/journal", "journal", ["owner", "adult"]],
  ["/house", "house", ["owner", "adult"]],
];

export function Frame({ path, children }: { path: string; children: ComponentChildren }) {
  const { me, connected } = useStore();
  const [saying, setSaying] = useState(false);
  const at = ["/rules", "/adopt", "/config", "/calls"].some((p) => path.startsWith(p)) ? "/house" : path.startsWith("/person/") ? "/people" : PLACES.find(([p]) => p !== "/" && path.startsWith(p))?.[0] ?? "/";
  return (
    <div class={touring() ? "frame touring" : "frame"}>
      <a class="skip" href="#main">{t("skip")}</a>
      <nav aria-label={t("pages")}>
        {PLACES.filter(([, , roles]) => me && roles.includes(me.role)).map(([to, name]) => (
          <a key={to} href={to} aria-current={at === to ? "page" : undefined}><Icon name={name} /><span>{t(name)}</span></a>
        ))}
        <button type="button" aria-haspopup="dialog" onClick={() => setSaying(true)}><Icon name="say" /><span>{t("say")}</span></button>
      </nav>
      {!connected && <p class="banner" role="alert"><Icon name="warn" />{t("offline")}</p>}
      <Tour />
      <main id="main" tabIndex={-1}>{children}</main>
      <Toasts />
      {saying && <SayBox path={path} closed={() => setSaying(false)} />}
    </div>
  );
}

export function Toasts() {
  const { toasts } = useStore();
  return (
    <div class="toasts" role="status" aria-live="assertive">
      {toasts.map((toast) => (
        <div key={toast.id} class={`toast ${toast.bad ? "bad" : ""}`}>
          <Icon name={toast.bad ? "warn" : "ok"} /><span>{toast.text}</span>
          {toast.about && <a href={`/why/${encodeURIComponent(toast.about)}`}>{t("why.ask")}</a>}
          <button type="button" aria-label={t("dismiss")} onClick={() => dismiss(toast.id)}><Icon name="close" /></button>
        </div>
      ))}
    </div>
  );
}

export function Title({ back, children, aside }: { back?: string; children: ComponentChildren; aside?: ComponentChildren }) {
  return (
    <header class="title">
      {back && <a class="back" href={back} aria-label={t("back")}><Icon name="back" /></a>}
      <h1>{children}</h1>
      <div class="aside">{aside}</div>
    </header>
  );
}

export function Failed({ error }: { error: string }) {
  return <p class="banner" role="alert"><Icon name="warn" />{error}</p>;
}
