import { createPortal } from "react-dom";
import { usePreferences } from "@/app/preferences";
import { distinctKeys, keyText } from "@/lib/platform";
import { testIds } from "@/lib/testIds";
import { ACTION_IDS, type ActionId, listed, placesText } from "./catalogue";
import styles from "./KeyPaper.module.css";
import { keysOf } from "./keymap";
import { usePressedKeys } from "./usePressedKeys";

/** Actions that have keys, by what they do and where: `Triage · Inbox, Issue`. */
function keyGroups(keys: (action: ActionId) => readonly string[]): Map<string, ActionId[]> {
  const groups = new Map<string, ActionId[]>();
  for (const id of ACTION_IDS) {
    if (keys(id).length === 0) continue;
    const name = `${listed(id).section} · ${placesText(id)}`;
    groups.set(name, [...(groups.get(name) ?? []), id]);
  }
  return groups;
}

/** The keys of all screens for paper. On screen there is nothing of it; printed, it is all there is. */
export function KeyPaper() {
  const choices = usePreferences();
  const pressed = usePressedKeys();
  const keys = (id: ActionId) => keysOf(id, choices);
  return createPortal(
    <div className={styles.paper} data-paper="" aria-hidden="true" data-testid={testIds.helpPaper}>
      <h1 className={styles.title}>Keys of Picket</h1>
      <div className={styles.columns}>
        {[...keyGroups(keys)].map(([name, actions]) => (
          <section key={name}>
            <h2 className={styles.heading}>{name}</h2>
            <dl className={styles.list}>
              {actions.map((id) => (
                <div key={id} className={styles.row}>
                  <dt>{listed(id).title}</dt>
                  <dd>
                    {distinctKeys(keys(id))
                      .map((sequence) => keyText(pressed(sequence)))
                      .join(" or ")}
                  </dd>
                </div>
              ))}
            </dl>
          </section>
        ))}
      </div>
    </div>,
    document.body,
  );
}
