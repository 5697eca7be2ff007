// The way to the story of something, for those who may ask for it.
import type { ComponentChildren } from "preact";
import { useStore } from "../store";
import { t } from "../words";
import { may } from "./places";

type Props = { of: string; class?: string; name?: string; then?: () => void; children?: ComponentChildren };

/** `name`: what the link is about, where the words on it do not say so; `then`: what else a tap does. */
export function Why({ of, class: look, name, then, children }: Props) {
  const { me } = useStore();
  if (!may(me, "why")) return null;
  return (
    <a class={look} href={`/why/${encodeURIComponent(of)}`} aria-label={name && t("why.of", { name })} onClick={then}>{children ?? t("why.ask")}</a>
  );
}
