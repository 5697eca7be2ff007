import { render } from "preact";
import { useEffect } from "preact/hooks";
import { get, whenLoggedOut } from "./api";
import { Frame, Title } from "./parts/frame";
import { may } from "./parts/places";
import { Adopt } from "./pages/adopt";
import { Calls } from "./pages/calls";
import { Config } from "./pages/config";
import { DevicePage } from "./pages/device";
import { Find } from "./pages/find";
import { House } from "./pages/house";
import { Journal } from "./pages/journal";
import { Lists } from "./pages/lists";
import { Login } from "./pages/login";
import { Now } from "./pages/now";
import { PeoplePage } from "./pages/people";
import { PersonPage } from "./pages/person";
import { Rules } from "./pages/rules";
import { RoomPage } from "./pages/room";
import { WhyPage } from "./pages/why";
import { decoded, usePath } from "./router";
import { changed, firstLook, listen, refresh, state, stopListening, useStore } from "./store";
import type { Me } from "./types";
import { begin, t } from "./words";
import "./style.css";

/** What somebody finds at an address that is for others. */
function NotYours() {
  return <><Title back="/">{t("notYours")}</Title><p class="quiet none">{t("notYours.hint")}</p></>;
}

function Page({ path }: { path: string }) {
  const { me } = useStore();
  const [place, query] = path.split("?");
  const [first, second] = place!.split("/").slice(1);
  const id = decoded(second ?? "");
  if (!may(me, first ?? "")) return <NotYours />;
  switch (first) {
    case "": return me?.wall ? <RoomPage key={me.wall} id={me.wall} /> : <Now />;
    case "room": return <RoomPage key={id} id={id} />;
    case "device": return <DevicePage key={id} id={id} of={new URLSearchParams(query).get("of") ?? undefined} />;
    case "why": return <WhyPage key={id} of={id} />;
    case "find": return <Find filter={new URLSearchParams(query).get("filter") ?? ""} />;
    case "journal": return <Journal />;
    case "house": return <House />;
    case "calls": return <Calls />;
    case "rules": return <Rules />;
    case "adopt": return <Adopt room={new URLSearchParams(query).get("room")} />;
    case "config": return <Config file={new URLSearchParams(query).get("file") ?? undefined} fresh={new URLSearchParams(query).has("new")} />;
    case "lists": return <Lists />;
    case "people": return <PeoplePage />;
    case "person": return <PersonPage key={id} id={id} />;
    default: return <Now />;
  }
}

function App() {
  const path = usePath();
  const { me, home } = useStore();
  useEffect(() => {
    whenLoggedOut(() => {
      stopListening();
      state.me = null;
      state.home = null;
      changed();
    });
    // Both at once, as the page itself has asked for them already: most of the time somebody is logged in.
    void refresh();
    const known = get<Me>("/me");
    const at = location.pathname;
    if (at.startsWith("/join/") || at.startsWith("/guest/")) known.catch(() => {}), enter(null);
    else known.then(enter, () => enter(null));
  }, []);
  useEffect(() => {
    document.title = home ? home.name : "Lares";
  }, [home?.name]);
  if (me === undefined) return null;
  if (me === null) return <Login path={path} entered={(as) => { state.home = null; enter(as); }} />;
  return <Frame path={path}><Page path={path} /></Frame>;
}

function enter(me: Me | null): void {
  state.me = me;
  changed();
  if (!me) return;
  // What the household speaks counts where the browser wants nothing that we have.
  void begin(me.language).then((other) => other && changed());
  firstLook();
  listen();
}

void begin().then(() => render(<App />, document.getElementById("app")!));
// Words like "4 min ago" grow old by themselves.
setInterval(changed, 30_000);
if ("serviceWorker" in navigator && location.protocol !== "file:") void navigator.serviceWorker.register("/sw.js").catch(() => {});
