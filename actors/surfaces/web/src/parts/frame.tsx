// What is around every page: the way to the others, what failed, and whether the household answers.
import type { ComponentChildren } from "preact";
import { useState } from "preact/hooks";
import { dismiss, useStore } from "../store";
import { t } from "../words";
import { Tour } from "../tour/card";
import { at as touring } from "../tour/state";
import { Icon } from "./icons";
import { SayBox } from "./say";
import { may } from "./places";
import { Why } from "./why";

const PLACES: [string, "now" | "people" | "find" | "journal" | "house"][] = [
  ["/", "now"],
  ["/people", "people"],
  ["/find", "find"],
  ["/journal", "journal"],
  ["/house", "house"],
];

export function Frame({ path, children }: { path: string; children: ComponentChildren }) {
  const { me, connected } = useStore();
  const [saying, setSaying] = useState(false);
  const at = ["/rules", "/adopt", "/config", "/calls"].some((p) => path.startsWith(p)) ? "/house" : path.startsWith("/person/") ? "/people" : PLACES.find(([p]) => p !== "/" && path.startsWith(p))?.[0] ?? "/";
  return (
    <div class={touring() ? "frame touring" : "frame"}>
      <a class="skip" href="#main">{t("skip")}</a>
      <nav aria-label={t("pages")}>
        {PLACES.filter(([to]) => may(me, to.slice(1))).map(([to, name]) => (
          <a key={to} href={to} aria-current={at === to ? "page" : undefined}><Icon name={name} /><span>{t(name === "people" && me?.role === "guest" ? "you" : name)}</span></a>
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
          {toast.about && <Why of={toast.about} />}
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
