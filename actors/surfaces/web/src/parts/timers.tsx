// Timers that somebody set: what is left of each, and its ends.
import { useEffect, useState } from "preact/hooks";
import { post } from "../api";
import { refresh, toast } from "../store";
import type { Countdown, Done } from "../types";
import { left, length, t } from "../words";
import { Why } from "./why";

const called = (timer: Countdown): string => timer.does ?? timer.says ?? timer.name ?? length(timer.length_s);

export function Timers({ of }: { of: Countdown[] }) {
  const [, tick] = useState(0);
  const runs = of.some((timer) => timer.due);
  useEffect(() => {
    if (!runs) return;
    const beat = setInterval(() => tick((n) => n + 1), 1000);
    return () => clearInterval(beat);
  }, [runs]);
  if (of.length === 0) return null;
  const wish = async (timer: Countdown, act: string, seconds?: number) => {
    try {
      const done = await post<Done>("/timers", { timer: timer.id, act, seconds });
      done.receipts.filter((r) => r.receipt !== "confirmed").forEach((r) => toast(r.text));
    } catch (e) {
      toast(e instanceof Error ? e.message : String(e));
    }
    void refresh();
  };
  return (
    <section class="questions timers" aria-label={t("timers")}>
      {of.map((timer) => (
        <div key={timer.id} class="question suggestion">
          <span>{called(timer)}<small>{[timer.room_name, timer.due ? null : t("paused")].filter(Boolean).join(", ")}</small></span>
          <strong role="timer">{timer.due ? left(timer.due) : length(Math.round(timer.left_s))}</strong>
          <Why of={`timer:${timer.id}`} />
          <div class="deeds">
            <button type="button" class="button" onClick={() => void wish(timer, "add", 60)}>{t("addMinute")}</button>
            <button type="button" class="button" onClick={() => void wish(timer, timer.due ? "pause" : "resume")}>{timer.due ? t("pause") : t("resume")}</button>
            <button type="button" class="button" onClick={() => void wish(timer, "cancel")}>{t("end")}</button>
          </div>
        </div>
      ))}
    </section>
  );
}
