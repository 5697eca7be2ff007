// What a change does to a file.
import type { DiffLine } from "../types";
import { t } from "../words";

const SIGNS = { same: " ", gone: "−", added: "+" };

/** The lines of one file that change, with those around them. */
export function Diff({ path, lines }: { path: string; lines: DiffLine[] }) {
  return (
    <div class="diff" tabIndex={0} role="group" aria-label={t("edit.lines", { path })}><h2>{path}</h2><table>
      <tbody>{lines.map((line, n) => {
        const before = lines[n - 1];
        const gap = line.kind === "same" && before?.kind === "same" && line.old! > before.old! + 1;
        return (
          <>
            {gap && <tr class="gap"><td colSpan={4}>⋯</td></tr>}
            <tr key={n} class={line.kind}><td>{line.old ?? ""}</td><td>{line.new ?? ""}</td><td aria-label={line.kind === "same" ? undefined : t(`edit.${line.kind}`)}>{SIGNS[line.kind]}</td><td><code>{line.text}</code></td></tr>
          </>
        );
      })}</tbody></table></div>
  );
}
