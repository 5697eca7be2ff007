// Why: the answer in one sentence, then the chain that it follows from.
import { useView } from "../parts/ask";
import { Failed, Title } from "../parts/frame";
import { Icon } from "../parts/icons";
import { entities, useStore } from "../store";
import type { Cause, Condition, Decision, Grounds, Home, WhyAnswer } from "../types";
import { clock, reference, t, word } from "../words";

export function WhyPage({ of }: { of: string }) {
  const { home } = useStore();
  const [answer, error] = useView<WhyAnswer>(`/why?of=${encodeURIComponent(of)}`, (k) => k === "decision" || k === "receipt");
  return (
    <>
      <Title back="/">{t("whyTitle", { what: answer?.called ?? called(of, home) })}</Title>
      {error && <Failed error={error} />}
      {answer && (
        <div class="why">
          <p class="answer">{answer.line}</p>
          {answer.called && answer.called !== answer.of && <p class="reference">{answer.of}</p>}
          {answer.holds.length > 0 && <ul class="plain">{answer.holds.map((h) => <li key={h}>{h}</li>)}</ul>}
          {answer.root && <><h2>{t("why.follows")}</h2><ol class="chain"><Step cause={answer.root} deep={0} /></ol></>}
          {answer.since.length > 0 && <><h2>{t("why.since")}</h2><ol class="chain">{answer.since.map((c) => <Step key={c.event} cause={c} deep={9} />)}</ol></>}
          {answer.led_to.length > 0 && <><h2>{t("why.led")}</h2><ol class="chain">{answer.led_to.map((c) => <Step key={c.event} cause={c} deep={9} />)}</ol></>}
          {answer.hints.map((h) => <p key={h} class="quiet">{h}</p>)}
        </div>
      )}
    </>
  );
}

/** What people call it, where they have a word for it. */
function called(of: string, home: Home | null): string {
  const [kind, key] = of.split(/:(.*)/);
  if (kind === "room" || kind === "person") return [...(home?.rooms ?? []), ...(home?.people ?? [])].find((x) => x.key === key)?.name ?? key ?? of;
  const all = entities();
  const parts = all.filter((e) => e.id === of || e.id.startsWith(`${of}.`));
  const one = new Set(parts.map((e) => e.name));
  return (one.size === 1 ? parts[0]?.name : home?.people.find((p) => p.key === of)?.name) ?? of.replace(/^\w+:/, "");
}

function Step({ cause, deep }: { cause: Cause; deep: number }) {
  const { home } = useStore();
  const grounds = cause.decision?.grounds ?? cause.grounds;
  return (
    <>
      <li class={cause.kind}>
        <p><time dateTime={cause.at}>{clock(cause.at, home?.zone)}</time> <span title={reference(cause.subject)}>{cause.text}</span>
          <a class="event" href={`/why/${cause.event}`} aria-label={t("why.event", { event: cause.event })}>{cause.event}</a></p>
        {cause.decision && <DecisionOf decision={cause.decision} />}
        {grounds && <GroundsOf grounds={grounds} />}
      </li>
      {deep < 8 && cause.because.map((c) => <Step key={c.event} cause={c} deep={deep + 1} />)}
    </>
  );
}

function DecisionOf({ decision }: { decision: Decision }) {
  return (
    <dl>
      <dt>{t("why.outcome")}</dt><dd>{decision.outcome_text}</dd>
      {decision.receipts.map((r) => <><dt>{t("why.receipt")}</dt><dd class={r.word}>{r.text}</dd></>)}
      {decision.reason && <><dt>{t("why.reason")}</dt><dd>{decision.reason}</dd></>}
      <dt>{t("why.priority")}</dt><dd>{word("level", decision.level)}</dd>
      {decision.rivals.map((r) => <><dt>{t("why.against")}</dt><dd>{r.text}</dd></>)}
    </dl>
  );
}

function GroundsOf({ grounds }: { grounds: Grounds }) {
  return (
    <div class="grounds">
      <p><b>{t("why.rule", { rule: grounds.name })}</b> <span class="quiet">{grounds.name !== grounds.rule && `${grounds.rule}, `}{grounds.file}:{grounds.line}{grounds.changed === "changed" ? t("why.changed") : grounds.changed === "removed" ? t("why.removed") : ""}</span></p>
      <p>{grounds.trigger}</p>
      <ul>{grounds.conditions.map((c: Condition) => (
        <li key={c.text} class={c.met ? "met" : "unmet"}><Icon name={c.met ? "ok" : "close"} /><span>{c.text} <small>{t(c.met ? "why.found" : "why.notMet", { found: c.found })}</small></span></li>
      ))}</ul>
      {grounds.text && <details><summary>{t("why.ruleWas")}</summary><pre tabIndex={0}>{grounds.text}</pre></details>}
    </div>
  );
}
