// Why: the answer in one sentence, then the chain that it follows from.
import { useView } from "../parts/ask";
import { Failed, Title } from "../parts/frame";
import { Icon } from "../parts/icons";
import { useStore } from "../store";
import type { Cause, Condition, Decision, Grounds, WhyAnswer } from "../types";
import { clock, t, word } from "../words";

export function WhyPage({ of }: { of: string }) {
  const [answer, error] = useView<WhyAnswer>(`/why?of=${encodeURIComponent(of)}`, (k) => k === "decision" || k === "receipt");
  return (
    <>
      <Title back="/">{t("whyTitle", { what: of.replace(/^room:/, "") })}</Title>
      {error && <Failed error={error} />}
      {answer && (
        <div class="why">
          <p class="answer">{answer.line}</p>
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

function Step({ cause, deep }: { cause: Cause; deep: number }) {
  const { home } = useStore();
  const grounds = cause.decision?.grounds ?? cause.grounds;
  return (
    <>
      <li class={cause.kind}>
        <p><time dateTime={cause.at}>{clock(cause.at, home?.zone)}</time> {cause.text}
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
      <p><b>{t("why.rule", { rule: grounds.rule })}</b> <span class="quiet">{grounds.file}:{grounds.line}{grounds.changed === "changed" ? t("why.changed") : grounds.changed === "removed" ? t("why.removed") : ""}</span></p>
      <p>{grounds.trigger}</p>
      <ul>{grounds.conditions.map((c: Condition) => (
        <li key={c.text} class={c.met ? "met" : "unmet"}><Icon name={c.met ? "ok" : "close"} /><span>{c.text} <small>{t(c.met ? "why.found" : "why.notMet", { found: c.found })}</small></span></li>
      ))}</ul>
      {grounds.text && <details><summary>{t("why.ruleWas")}</summary><pre tabIndex={0}>{grounds.text}</pre></details>}
    </div>
  );
}
