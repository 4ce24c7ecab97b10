import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useNavigate, useRouter } from "@tanstack/react-router";
import { useEffect } from "react";
import { listSearch } from "@/app/place";
import { asks } from "@/app/queries";
import { useServices } from "@/app/services";
import { fromCatalogue } from "@/keyboard/catalogue";
import type { Action } from "@/keyboard/keyboard";
import { useValue } from "@/lib/valueStore";

/** The last part of a path, on any system. */
const fileName = (path: string) => path.split(/[/\\]/).pop() || path;

/** Opens bundles and closes them; where one does not open, what is on screen stays. */
export function useBundle() {
  const { host, bundles, toasts, announcer } = useServices();
  const queries = useQueryClient();
  const info = useQuery(asks.appInfo(host)).data?.bundle ?? null;
  const reading = useValue(bundles.reading);

  const reread = () => queries.refetchQueries({ queryKey: asks.appInfo(host).queryKey });
  const open = async (path: string) => {
    // One at a time: reading a large one takes a while.
    if (bundles.reading.get() !== null) return;
    const name = fileName(path);
    bundles.reading.set(name);
    announcer.say(`Reading ${name}`);
    try {
      await host.bundleOpen(path);
      await reread();
    } catch (error) {
      toasts.failed(`“${name}” could not be opened`, error);
    } finally {
      bundles.reading.set(null);
    }
  };
  const choose = async () => {
    try {
      const path = await host.pickBundle();
      if (path !== null) await open(path);
    } catch (error) {
      toasts.failed("No file could be chosen", error, () => void choose());
    }
  };
  const close = async () => {
    try {
      await host.bundleClose();
      await reread();
    } catch (error) {
      toasts.failed("The bundle could not be closed", error, () => void close());
    }
  };
  return { info, reading, open, choose: () => void choose(), close: () => void close() };
}

/** Opening and closing by the palette. */
export function useBundleActions(): Action[] {
  const { info, reading, choose, close } = useBundle();
  return [
    {
      ...fromCatalogue("bundle.open"),
      unavailable: reading === null ? null : "one is being read",
      run: choose,
    },
    {
      ...fromCatalogue("bundle.close"),
      title: info ? `Close the bundle ${info.name}` : "Close the bundle",
      unavailable: info ? null : "none is open",
      run: close,
    },
  ];
}

/**
 * Goes to the list of a bundle that was opened, and back to where the user was once it is closed. Has to come behind
 * whatever forgets the store before, and once per window.
 */
export function useBundlePlace(): void {
  const { host, bundles, inbox } = useServices();
  const { info, open } = useBundle();
  const known = useQuery(asks.appInfo(host)).data !== undefined;
  const navigate = useNavigate();
  const router = useRouter();
  const opening = known ? (info?.opening ?? 0) : null;

  useEffect(() => {
    const was = bundles.shown;
    if (opening === null || opening === was) return;
    bundles.shown = opening;
    if (info) {
      if (was === 0) bundles.before = { href: router.state.location.href, search: inbox.search.get() };
      // Issues of a bundle are none of the store that the next start opens.
      inbox.pause();
      const { query, sort, grouping, id } = info.view;
      void navigate({ to: "/inbox", search: listSearch({ q: query, sort, group: grouping, view: id }) });
    } else if (was !== null) {
      const { before } = bundles;
      bundles.before = null;
      if (before) inbox.search.set(before.search);
      inbox.resume();
      router.history.push(before?.href ?? "/");
    }
  }, [opening, info, bundles, inbox, navigate, router]);

  // biome-ignore lint/correctness/useExhaustiveDependencies: asked for once, when it is known where the user is
  useEffect(() => {
    if (!known) return;
    // What Picket was started for. The shell gives it out once.
    host
      .bundleGiven()
      .then((path) => (path === null ? undefined : open(path)))
      .catch(() => undefined);
  }, [known, host]);
}
