// One person: where they are and since when, what they want of the house now, and what they did.
import { useView } from "../parts/ask";
import { Claims, Recent } from "../parts/claims";
import { Failed, Title } from "../parts/frame";
import { useStore } from "../store";
import type { Person } from "../types";
import { lasting, t } from "../words";
import { whereabouts } from "./people";
import { Why } from "../parts/why";
import { may } from "../parts/places";

export function PersonPage({ id }: { id: string }) {
  const { me, home } = useStore();
  const [people, error] = useView<Person[]>("/people", (k) => k === "person_moved" || k === "home_loaded");
  if (error) return <><Title back="/people">{id}</Title><Failed error={error} /></>;
  if (!people || !home) return <p class="quiet" aria-busy="true">…</p>;
  const person = people.find((p) => p.key === id);
  if (!person) return <><Title back="/people">{t("noPerson")}</Title><p class="quiet">{t("noPerson.hint", { id })}</p></>;
  return (
    <>
      <Title back="/people" aside={<Why class="button" of={person.key} />}>{person.name}</Title>
      <p class={`presence ${person.presence === "home" ? "here" : ""}`}><i aria-hidden="true" />
        {whereabouts(person, home)}{person.since ? ` · ${lasting(person.since)}` : ""}</p>
      {person.room && <p><a class="button" href={`/room/${encodeURIComponent(person.room)}`}>{t("person.room")}</a></p>}
      <Claims title={t("person.wants")} none={t("person.wantsNothing")} mine={(h) => h.source === `person:${person.key}`} />
      {may(me, "journal") && <Recent kinds="person_moved,decision,notice" mine={(e) => e.subject === person.key || e.origin === `person ${person.key}`} />}
    </>
  );
}
