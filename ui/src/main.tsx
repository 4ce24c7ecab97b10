// Has to come first; see there.
import "./lib/locale";
import "./styles/tokens.css";
import "./styles/base.css";
import "./styles/print.css";
import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { App } from "./app/App";
import { readPlace } from "./app/place";
import { followTheme, preferences } from "./app/preferences";
import { createAppRouter } from "./app/router";
import { createServices } from "./app/services";
import { goLate, soon, startView } from "./app/viewPlace";
import { connectHost } from "./ipc";

followTheme();

const root = document.getElementById("root");
if (!root) throw new Error("index.html has no #root");

connectHost()
  .then(async (host) => {
    const services = createServices(host);
    const place = readPlace();
    if (place) services.inbox.restore(place);
    // A link that was opened on purpose wins over the place of the last run.
    const isLink = window.location.hash.length > 2;
    const start = isLink
      ? Promise.resolve(null)
      : startView(host, services.drafts, preferences.get().startView);
    const known = await soon(start);
    const first = known ?? (isLink ? undefined : place?.href);
    if (first !== undefined) window.location.replace(`#${first}`);
    const router = createAppRouter();
    createRoot(root).render(
      <StrictMode>
        <App services={services} router={router} />
      </StrictMode>,
    );
    if (known === undefined) {
      await router.load();
      await goLate(router, start);
    }
  })
  .catch((error: unknown) => {
    // Without a host there is no interface to show an error in.
    root.textContent = `Picket could not start: ${error instanceof Error ? error.message : String(error)}`;
  });
