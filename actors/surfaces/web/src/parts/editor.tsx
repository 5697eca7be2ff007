// One file of the home: its text, what the checker says of it while it is typed, what would change, and the applying. Files that
// were typed in before and are not applied yet are checked with it, and go into force and back together with it.
import { useEffect, useRef, useState } from "preact/hooks";
import { Problem, get, post } from "../api";
import { Icon } from "./icons";
import { toast } from "../store";
import type { Change, Checked, FileText, Trouble } from "../types";
import { T, t } from "../words";
import { Diff } from "./diff";

/** What was typed and is not applied: it outlives a look at another page. */
export const drafts: Record<string, Typed> = {};
/** `tag`: of the text that was edited; none: the file is new. `wide`: its lines end in two signs. */
type Typed = { text: string; tag: string | null; wide: boolean };

const WITHIN = ["60", "300", "900", "3600"] as const;
/** A pause in typing, in ms. */
const PAUSE = 350;

export function Editor({ path, fresh, held, applied }: { path: string; fresh: boolean; held: boolean; applied: () => void }) {
  const [text, setText] = useState<string | null>(drafts[path]?.text ?? (fresh ? "" : null));
  const [kept, setKept] = useState<FileText | null>(null);
  const [checked, setChecked] = useState<Checked | null>(null);
  const [error, setError] = useState<string | null>(null);
  const [meanwhile, setMeanwhile] = useState(false);
  const [review, setReview] = useState(false);
  const [refused, setRefused] = useState<string | null>(null);
  const area = useRef<HTMLTextAreaElement>(null);
  const tag = useRef<string | null>(drafts[path]?.tag ?? null);

  const load = async () => {
    try {
      const file = await get<FileText>(`/files/text?path=${encodeURIComponent(path)}`);
      setKept(file);
      if (drafts[path] === undefined) {
        setText(plain(file.text));
        tag.current = file.tag;
      } else if (tag.current !== file.tag) setMeanwhile(true);
    } catch (e) {
      if (!(fresh && e instanceof Problem && e.status === 404)) setError(words(e));
    }
  };
  useEffect(() => void load(), [path]);

  // Checked when the typing rests; an answer to an older text counts for nothing.
  const turn = useRef(0);
  useEffect(() => {
    if (text === null) return;
    const mine = ++turn.current;
    const timer = setTimeout(() => {
      post<Checked>("/files/check", { path, text: asKept(text, wide(kept)), ...(others(path).length > 0 && { also: others(path).map(({ path, text }) => ({ path, text })) }) }).then(
        (c) => mine === turn.current && (setChecked(c), setError(null)),
        (e) => mine === turn.current && (setChecked(null), setError(words(e))),
      );
    }, PAUSE);
    return () => clearTimeout(timer);
  }, [text, kept?.tag]);

  const type = (value: string) => {
    setText(value);
    setRefused(null);
    if (kept && value === plain(kept.text)) delete drafts[path];
    else drafts[path] = { text: value, tag: tag.current, wide: wide(kept) };
  };
  const apply = async (event: Event) => {
    event.preventDefault();
    setRefused(null);
    const within = Number(new FormData(event.currentTarget as HTMLFormElement).get("within"));
    const match: Record<string, string> = tag.current ? { "If-Match": `"${tag.current}"` } : { "If-None-Match": "*" };
    try {
      const done = await post<{ change: Change; reloaded: { partly: string[] } }>("/files/apply", { path, text: asKept(text ?? "", wide(kept)), confirm_within_s: within, ...(others(path).length > 0 && { also: others(path) }) }, match);
      [path, ...(done.change.also ?? [])].forEach((p) => delete drafts[p]);
      setReview(false);
      const file = await get<FileText>(`/files/text?path=${encodeURIComponent(path)}`);
      tag.current = file.tag;
      setKept(file);
      toast(done.reloaded.partly[0] ? t("edit.partly", { what: done.reloaded.partly.join(", ") }) : t("edit.applied"), done.reloaded.partly.length > 0);
      applied();
      scrollTo(0, 0);
    } catch (e) {
      if (e instanceof Problem && e.status === 412 && e.message.startsWith(`${path} `)) {
        setMeanwhile(true);
        scrollTo(0, 0);
      } else setRefused(words(e));
    }
  };
  /** What is on disk now is what is compared with from here on; what was typed stays. */
  const compare = async () => {
    setMeanwhile(false);
    const file = await get<FileText>(`/files/text?path=${encodeURIComponent(path)}`).catch((e) => setError(words(e)));
    if (!file) return;
    tag.current = file.tag;
    if (text !== null) drafts[path] = { text, tag: file.tag, wide: wide(file) };
    setKept(file);
  };
  const leave = () => {
    delete drafts[path];
    setMeanwhile(false);
    setReview(false);
    setText(kept ? null : "");
    void load();
  };
  const jump = (line: number, column: number) => {
    const lines = (text ?? "").split("\n");
    const at = lines.slice(0, line - 1).reduce((n, l) => n + l.length + 1, 0) + [...(lines[line - 1] ?? "")].slice(0, column - 1).join("").length;
    area.current?.focus();
    area.current?.setSelectionRange(at, at);
    if (area.current) area.current.scrollTop = (line - 4) * lineHeight(area.current);
  };

  if (error && text === null) return <p class="banner" role="alert"><Icon name="warn" />{error}</p>;
  if (text === null) return <p class="quiet" aria-busy="true">…</p>;
  const own = checked?.problems.filter((p) => p.file === path) ?? [];
  const errors = checked?.problems.filter((p) => p.severity === "error").length ?? 0;
  const changed = checked !== null && [checked.diff, ...(checked.also ?? []).map((a) => a.diff)].some((d) => d.length > 0);
  const also = others(path).map((o) => o.path);
  return (
    <>
      {meanwhile && (
        <div class="banner meanwhile" role="alert"><Icon name="warn" /><span>{t("edit.meanwhile", { path })}</span>
          <button type="button" class="button" onClick={() => void compare()}>{t("edit.compare")}</button></div>
      )}
      <TextBox of={area} text={text} label={path} marks={own} typed={type} />
      <p class="verdict" role="status">{checked === null ? (error ?? "…") : checked.ok ? <><Icon name="ok" />{checked.problems.length ? t("edit.goodWarned", { n: checked.problems.length }) : t("edit.good")}</> : <><Icon name="warn" />{t("edit.errors", { n: errors })}</>}</p>
      {checked && checked.problems.length > 0 && <ul class="problems" aria-label={t("edit.checker")}>{checked.problems.map((p, n) => <Said key={n} problem={p} here={p.file === path} jump={jump} />)}</ul>}
      {also.length > 0 && <p class="quiet also">{t("config.also", { files: also.join(", ") })}</p>}
      {changed && !review && (
        <div class="chips"><button type="button" class="button primary" disabled={!checked.ok || held || meanwhile} onClick={() => setReview(true)}>{t("edit.see")}</button>
          <button type="button" class="button" onClick={leave}>{t("edit.leave")}</button>
          {held && <small>{t("edit.held")}</small>}</div>
      )}
      {changed && review && (
        <form class="review" onSubmit={(e) => void apply(e)} aria-label={t("edit.changes")}>
          {[{ path, diff: checked.diff }, ...(checked.also ?? [])].filter((f) => f.diff.length > 0).map((f) => <Diff key={f.path} path={f.path} lines={f.diff} />)}
          {refused && <p class="banner" role="alert"><Icon name="warn" />{refused}</p>}
          <div class="chips">
            <label><T of="edit.within" select={<select name="within" defaultValue="300">{WITHIN.map((s) => <option key={s} value={s} selected={s === "300"}>{t(`edit.within.${s}`)}</option>)}</select>} /></label>
            <button type="submit" class="button primary" disabled={!checked.ok || held || meanwhile}>{t("edit.apply")}</button>
            <button type="button" class="button" onClick={() => setReview(false)}>{t("edit.on")}</button>
          </div>
        </form>
      )}
    </>
  );
}

const words = (e: unknown): string => (e instanceof Error ? e.message : String(e));
const plain = (text: string): string => text.replaceAll("\r\n", "\n");
/** A text area knows one kind of line end; the file keeps its own. */
const asKept = (text: string, wide: boolean): string => (wide ? text.replaceAll("\n", "\r\n") : text);
const wide = (kept: FileText | null): boolean => kept?.text.includes("\r\n") ?? false;
/** What else was typed and waits to be applied. */
const others = (path: string): { path: string; text: string; tag: string | null }[] =>
  Object.entries(drafts).filter(([p]) => p !== path).map(([p, d]) => ({ path: p, text: asKept(d.text, d.wide), tag: d.tag }));
const lineHeight = (area: HTMLTextAreaElement): number => parseFloat(getComputedStyle(area).lineHeight) || 20;

/** The text with the numbers of its lines; those that the checker speaks of stand out. */
function TextBox({ of, text, label, marks, typed }: { of: { current: HTMLTextAreaElement | null }; text: string; label: string; marks: Trouble[]; typed: (text: string) => void }) {
  const gutter = useRef<HTMLDivElement>(null);
  const worst = new Map(marks.map((m) => [m.line, m.severity] as const).reverse());
  marks.filter((m) => m.severity === "error").forEach((m) => worst.set(m.line, "error"));
  return (
    <div class="code-box">
      <div class="gutter" ref={gutter} aria-hidden="true">{text.split("\n").map((_, n) => <div key={n} class={worst.get(n + 1)}>{n + 1}</div>)}</div>
      <textarea ref={of} aria-label={label} value={text} wrap="off" spellcheck={false} autocapitalize="none" autocomplete="off"
        onInput={(e) => typed(e.currentTarget.value)} onScroll={(e) => gutter.current && (gutter.current.scrollTop = e.currentTarget.scrollTop)} />
    </div>
  );
}

/** As `lares check` says it: the place, the line with a caret under the value, what is wrong, what would be right. */
function Said({ problem, here, jump }: { problem: Trouble; here: boolean; jump: (line: number, column: number) => void }) {
  const place = problem.file ? `${problem.file}:${problem.line}:${problem.column}` : t("edit.theHome");
  const caret = `${" ".repeat(Math.max(0, problem.column - 1))}${"^".repeat(Math.max(1, problem.length))}`;
  return (
    <li class={problem.severity}>
      {here ? <button type="button" class="link" onClick={() => jump(problem.line, problem.column)}>{place}</button> : <span class="quiet">{place}</span>}
      <p>{problem.message}</p>
      {problem.excerpt !== null && <pre tabIndex={0} aria-label={t("edit.line")}>{problem.excerpt}{"\n"}<b>{caret}</b></pre>}
      {problem.help && <small>{problem.help}</small>}
    </li>
  );
}
