// Calls by telephone: who called, what they said, and what became of it. The newest first.
import { useEffect } from "preact/hooks";
import { useView } from "../parts/ask";
import { AtTheDoor } from "../parts/board";
import { Failed, Title } from "../parts/frame";
import { useStore } from "../store";
import type { PhoneCall } from "../types";
import { clock, day, length, t, word } from "../words";

/** A call goes on for a minute or two: it is looked at again so often. */
const AGAIN = 4_000;

export function Calls() {
  const [calls, error, again] = useView<PhoneCall[]>("/calls", (kind) => kind === "notice" || kind === "asked");
  useEffect(() => {
    const beat = setInterval(again, AGAIN);
    return () => clearInterval(beat);
  }, []);
  return (
    <>
      <Title back="/house">{t("calls")}</Title>
      {error && <Failed error={error} />}
      {calls?.length === 0 && <p class="quiet">{t("calls.none")}</p>}
      <ul class="readings calls">{calls?.map((call) => <One key={call.id} call={call} />)}</ul>
    </>
  );
}

/** With its day, unless that is today. */
function when(at: string, zone?: string): string {
  const is = day(at, zone);
  return `${is === day(new Date().toISOString(), zone) ? "" : `${is} `}${clock(at, zone).slice(0, 5)}`;
}

function One({ call }: { call: PhoneCall }) {
  const { home } = useStore();
  const said = [call.reason, call.message].filter(Boolean) as string[];
  const became = call.now ? t("calls.now") : word("call", call.outcome ?? "");
  return (
    <li>
      <span>{call.name} <small><em>{became}</em>{call.at ? ` ${when(call.at, home?.zone)}` : ""}{call.task ? `, ${t("calls.task")}` : ""}</small>
        {said.map((text) => <q key={text}>{text}</q>)}
        {call.now && <AtTheDoor camera={call.camera} name={call.name} />}
        {call.camera && <a href={`/device/${encodeURIComponent(call.camera.split(".")[0] ?? "")}`}>{call.camera}</a>}
        {call.remark && <small>{call.remark}</small>}
        {call.seconds_kept > 0 && <audio controls preload="none" aria-label={t("calls.sound", { name: call.name, length: length(Math.round(call.seconds_kept)) })} src={`/api/v1/calls/${encodeURIComponent(call.id)}/sound`} />}</span>
      <a class="whylink" href={`/why/${encodeURIComponent(`call:${call.id}`)}`} aria-label={t("why.of", { name: call.name })}>{t("why")}</a>
    </li>
  );
}
