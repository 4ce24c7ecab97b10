import { CSPProvider } from "@base-ui/react/csp-provider";
import { Toast } from "@base-ui/react/toast";
import { Tooltip } from "@base-ui/react/tooltip";
import { QueryClientProvider } from "@tanstack/react-query";
import { RouterProvider } from "@tanstack/react-router";
import { useEffect } from "react";
import { followEngine } from "./queries";
import type { createAppRouter } from "./router";
import { type Services, ServicesContext } from "./services";

interface AppProps {
  services: Services;
  router: ReturnType<typeof createAppRouter>;
}

/** The whole interface around a set of services. */
export function App({ services, router }: AppProps) {
  useEffect(() => followEngine(services), [services]);
  return (
    <ServicesContext value={services}>
      <QueryClientProvider client={services.queries}>
        {/* The content security policy forbids <style> elements, so the kit must not add any. */}
        <CSPProvider disableStyleElements>
          <Toast.Provider toastManager={services.toasts.manager}>
            <Tooltip.Provider delay={400}>
              <RouterProvider router={router} />
            </Tooltip.Provider>
          </Toast.Provider>
        </CSPProvider>
      </QueryClientProvider>
    </ServicesContext>
  );
}
