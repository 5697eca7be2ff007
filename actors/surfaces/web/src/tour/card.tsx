// The tour: a card beside the page that leads through it. Everything stays usable meanwhile: what is pointed at is the real thing.
import { useEffect, useRef } from "preact/hooks";
import { Icon } from "../parts/icons";
import { go } from "../router";
import { useStore } from "../store";
import { t } from "../words";
import { OwnRoom } from "./own_room";
import { usePoint } from "./point";
import { at, goTo, isNew, leave } from "./state";
import { steps } from "./steps";

/** Once, on the first page: a tour is offered, not forced. */
export function TourOffer() {
  const { me, home } = useStore();
  const first = me && home && steps(home, me)[0];
  if (!first || !isNew()) return null;
  return (
    <section class="offer" aria-label={t("tour")}>
      <Icon name="why" /><p><b>{t("tourOffer")}</b> {t("tourOfferText")}</p>
      <button type="button" class="button" onClick={leave}>{t("tourNo")}</button>
      <button type="button" class="button primary" onClick={() => begin(first)}>{t("tourYes")}</button>
    </section>
  );
}

/** On the House page, for whoever wants it (again). */
export function TourAgain() {
  const { me, home } = useStore();
  const first = me && home && steps(home, me)[0];
  return first ? <button type="button" class="button" onClick={() => begin(first)}>{t("tour")}</button> : null;
}

function begin(step: { name: string; path: string }): void {
  goTo(step.name);
  go(step.path);
}

export function Tour() {
  const { me, home } = useStore();
  const all = me && home ? steps(home, me) : [];
  const name = at();
  // A step that this home does not have any more: the one before it is not there either, so it begins anew.
  const n = name === null ? -1 : Math.max(0, all.findIndex((s) => s.name === name));
  const step = all[n];
  usePoint(step?.name, step?.points ?? []);
  const head = useRef<HTMLHeadingElement>(null);
  useEffect(() => head.current?.focus({ preventScroll: true }), [step?.name]);
  useEffect(() => {
    if (!step) return;
    // In a box it closes the box's own list, and in a dialog the dialog.
    const away = (e: KeyboardEvent) => e.key === "Escape" && !(e.target instanceof HTMLInputElement) && !document.querySelector("dialog[open]") && leave();
    addEventListener("keydown", away);
    return () => removeEventListener("keydown", away);
  }, [step?.name]);
  if (!step) return null;
  const before = all[n - 1];
  const next = all[n + 1];
  return (
    <section class="tour" aria-label={t("tour")}>
      <header><h2 ref={head} tabIndex={-1}>{step.title} <small>{n + 1} / {all.length}</small></h2>
        <button type="button" class="close" aria-label={t("tourLeave")} onClick={leave}><Icon name="close" /></button></header>
      <p>{step.text}</p>
      {step.live && <p class="live" role="status">{step.live}</p>}
      {step.name === "own" && <OwnRoom />}
      <footer>
        {before && <button type="button" class="button" onClick={() => begin(before)}>{t("back")}</button>}
        {next
          ? <button type="button" class="button primary" onClick={() => begin(next)}>{step.name === "light" && next.name === "why" ? t("tourAskWhy") : t("next")}</button>
          : <button type="button" class={step.name === "own" ? "button" : "button primary"} onClick={leave}>{t(step.name === "own" ? "tourLater" : "tourDone")}</button>}
      </footer>
    </section>
  );
}
