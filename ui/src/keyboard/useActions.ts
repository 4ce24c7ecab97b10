import { useEffect, useLayoutEffect, useState } from "react";
import { useServices } from "@/app/services";
import type { Action } from "./keyboard";

/** Offers the actions while the calling component is mounted. The list may be new on every render. */
export function useActions(actions: readonly Action[]): void {
  const { keyboard } = useServices();
  const [layer] = useState(() => Symbol("actions"));
  useLayoutEffect(() => keyboard.register(layer, actions), [keyboard, layer, actions]);
  useEffect(() => () => keyboard.unregister(layer), [keyboard, layer]);
}
