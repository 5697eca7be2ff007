// The rules in force: what sets each off, what it does, and what it would do now, without moving anything.
import { useState } from "preact/hooks";
import { post } from "../api";
import { useView } from "../parts/ask";
import { Failed, Title } from "../parts/frame";
import { toast } from "../store";
import type { Rule, Trial, Trust } from "../types";
import { length, t, word } from "../words";
import { Why } from "../parts/why";

export function Rules() {
  const [rules, error] = useView<Rule[]>("/rules", (k) => ["home_loaded", "rule_failed", "status"].includes(k));
  return (
    <>
      <Title back="/house">{t("rules")}</Title>
      {error && <Failed error={error} />}
      {rules?.length === 0 && <p class="quiet">{t("rules.none")}</p>}
      {rules?.map((rule) => <RuleCard key={rule.id} rule={rule} />)}
      <Trusted rules={rules ?? []} />
    </>
  );
}

/** What rules that ask first have earned to do by themselves, and what they have lost. */
function Trusted({ rules }: { rules: Rule[] }) {
  const [all] = useView<Trust[]>("/trust", (k) => ["autonomy_changed", "asked", "replied", "home_loaded"].includes(k));
  if (!rules.some((rule) => rule.autonomy) && !all?.length) return null;
  const what = (one: Trust) => one.rule ? t("trust.rule", { rule: rules.find((r) => r.id === one.rule)?.name ?? one.rule })
    : t("trust.deed", { domain: word("domain", one.domain ?? ""), verb: word("verb", one.verb ?? ""), who: one.person ?? t("trust.anybody") });
  const counts = (one: Trust) => [one.yes > 0 && t("trust.yes", { n: one.yes }), one.done > 0 && t("trust.done", { n: one.done }), one.offer && t("trust.offered")]
    .filter(Boolean).join(", ");
  return (
    <section class="rule" aria-label={t("trust")}>
      <header><h2>{t("trust")}</h2></header>
      {all?.length === 0 && <p class="quiet">{t("trust.none")}</p>}
      <dl class="steps">
        {all?.map((one) => (
          <div key={`${one.person}/${one.domain}/${one.verb}/${one.rule}`}><dt>{word("autonomy", one.level ?? "file")}</dt><dd>{what(one)}<small> {counts(one)}</small></dd></div>
        ))}
      </dl>
    </section>
  );
}

function RuleCard({ rule }: { rule: Rule }) {
  const [trial, setTrial] = useState<Trial | null>(null);
  const tryIt = async () => {
    try {
      setTrial(await post<Trial>(`/rules/${encodeURIComponent(rule.id)}/try`, {}));
    } catch (e) {
      toast(e instanceof Error ? e.message : String(e));
    }
  };
  return (
    <section class="rule" aria-label={rule.name}>
      <header><h2>{rule.name}</h2>{rule.state !== "on" && <em class="bad">{word("ruleState", rule.state)}</em>}{rule.autonomy && <em>{word("autonomy", rule.autonomy)}</em>}
        <Why class="button" of={`rule:${rule.id}`} />
        <button type="button" class="button" aria-expanded={trial !== null} onClick={() => void (trial ? setTrial(null) : tryIt())}>{t(trial ? "close" : "rules.try")}</button>
      </header>
      {trial ? <Tried trial={trial} /> : <Written rule={rule} />}
      <small class="quiet">{rule.place}</small>
    </section>
  );
}

function Written({ rule }: { rule: Rule }) {
  const parts: [string, string[], string][] =
    [[t("rules.when"), rule.when, t("or")], [t("rules.if"), rule.conditions, t("and")], [t("rules.then"), rule.then, ""], [t("rules.else"), rule.otherwise, ""]];
  return (
    <dl class="steps">
      {parts.filter(([, all]) => all.length > 0).map(([word, all, with_]) => (
        <div key={word}><dt>{word}</dt><dd>{all.map((text, n) => <p key={n}>{n > 0 && with_ && <small>{with_} </small>}{text}</p>)}</dd></div>
      ))}
    </dl>
  );
}

function Tried({ trial }: { trial: Trial }) {
  return (
    <dl class="steps tried">
      {trial.rests && <div><dt>{t("rules.but")}</dt><dd class="bad">{t("rules.rests", { why: trial.rests })}</dd></div>}
      <div><dt>{t("rules.when")}</dt><dd>{trial.trigger}</dd></div>
      {trial.conditions.map((c) => (
        <div key={c.text}><dt>{t("rules.if")}</dt><dd class={c.met ? "good" : "bad"}>{c.text}<small> {t(c.met ? "rules.holds" : "rules.holdsNot", { found: c.found })}</small></dd></div>
      ))}
      {trial.steps.length === 0 && <div><dt>{t(trial.met ? "rules.then" : "rules.so")}</dt><dd>{t("rules.nothing")}</dd></div>}
      {trial.steps.map((s, n) => (
        <div key={n}><dt>{s.after_s === 0 ? (n === 0 ? t(trial.met ? "rules.then" : "rules.else") : "") : t("rules.after", { long: length(s.after_s) })}</dt>
          <dd>{s.text}{s.behind.map((who) => <small key={who} class="bad"> {t("rules.behind", { who })}</small>)}</dd></div>
      ))}
      {trial.goes_on && <div><dt /><dd>{t("rules.goesOn")}</dd></div>}
    </dl>
  );
}
