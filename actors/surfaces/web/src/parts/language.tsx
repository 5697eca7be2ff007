// The language of this page: as the browser says, or as somebody chose on this device.
import { changed, useStore } from "../store";
import { choose, chosen, languages, t } from "../words";

export function Language() {
  const { me } = useStore();
  const pick = async (next: string) => {
    await choose(next || null, me?.language);
    changed();
  };
  return (
    <section aria-label={t("language")}><h2>{t("language")}</h2>
      <label class="holds">{t("language.label")} <select value={chosen() ?? ""} onChange={(e) => void pick(e.currentTarget.value)}>
        <option value="">{t("language.own")}</option>
        {languages().map(([tag, name]) => <option key={tag} value={tag} lang={tag}>{name}</option>)}
      </select></label>
    </section>
  );
}
