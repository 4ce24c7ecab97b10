import { useEffect, useLayoutEffect, useState } from "react";
import { useServices } from "@/app/services";
import type { Action } from "./keyboard";

/** Offers the actions while the calling component is mounted. The list may be new on every render. */
export function useActions(actions: readonly Action[]): void {
  useLayer(actions, false);
}

/** The same for actions of the window, which those of a screen take the place of. */
export function useWindowLayer(actions: readonly Action[]): void {
  useLayer(actions, true);
}

function useLayer(actions: readonly Action[], ofWindow: boolean): void {
  const { keyboard } = useServices();
  const [layer] = useState(() => Symbol("actions"));
  useLayoutEffect(() => keyboard.register(layer, actions, ofWindow), [keyboard, layer, actions, ofWindow]);
  useEffect(() => () => keyboard.unregister(layer), [keyboard, layer]);
}
