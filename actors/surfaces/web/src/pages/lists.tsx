// Every list, with what was done lately on it.
import { Failed, Title } from "../parts/frame";
import { ListCard, useLists } from "../parts/lists";
import { useStore } from "../store";
import { t } from "../words";

export function Lists() {
  const { home } = useStore();
  const [lists, error, again] = useLists();
  return (
    <>
      <Title back="/">{t("lists")}</Title>
      {error && <Failed error={error} />}
      {!lists && !error && <p class="quiet" aria-busy="true">…</p>}
      <div class="cards">{lists?.map((of) => <ListCard key={of.list} of={of} again={again} zone={home?.zone} />)}</div>
      <p class="quiet">{t("lists.hint")}</p>
    </>
  );
}

/** On the first page: the lists with something on them, and the shopping list. */
export function ListsNow() {
  const { home } = useStore();
  const [lists, , again] = useLists();
  const shown = lists?.filter((of) => of.list === "shopping" || of.items.some((i) => !i.done)) ?? [];
  if (shown.length === 0) return null;
  return (
    <section aria-label={t("lists")}>
      <h2><a href="/lists">{t("lists")}</a></h2>
      <div class="cards">{shown.map((of) => <ListCard key={of.list} of={of} again={again} zone={home?.zone} short />)}</div>
    </section>
  );
}
