import { useServices } from "./services";

/** Opens places of the router in windows of their own, and says where one could not be opened. */
export function useOpenWindow(): (place: string) => void {
  const { host, toasts } = useServices();
  const open = (place: string): void =>
    void host
      .windowOpen(place)
      .catch((error: unknown) => toasts.failed("No window was opened", error, () => open(place)));
  return open;
}
