import { useQuery } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { useState } from "react";
import { useBundle } from "@/features/bundle/useBundle";
import { fromCatalogue } from "@/keyboard/catalogue";
import type { Action } from "@/keyboard/keyboard";
import { useFeedControl } from "./feedControl";
import { asks, useFeed } from "./queries";
import { useServices } from "./services";

/**
 * Holding the feed and letting it go on, from any screen (UX 9.1): it is stopped where it is, and started again with the
 * connection it had, which goes on behind the last record that was stored.
 */
export function useFeedHold(): Action {
  const { host, announcer } = useServices();
  const navigate = useNavigate();
  const feed = useFeed();
  const control = useFeedControl();
  const connections = useQuery(asks.connections(host)).data ?? [];
  const inBundle = useBundle().info !== null;
  const [last, setLast] = useState("");
  // Once it is off, the feed has no name any more.
  if (feed && feed.connection !== "" && feed.connection !== last) setLast(feed.connection);

  const takes = feed !== undefined && feed.state !== "off" && feed.state !== "failed" && !feed.paused;
  const name = feed?.connection || last;
  const why = () => {
    if (feed?.state === "draining" || control.busy) return "it is just being stopped or started";
    if (takes) return null;
    if (inBundle) return "a bundle is open";
    return name === "" ? "no feed ran since Picket was opened; start one on Live" : null;
  };
  const hold = () => {
    control.stop();
    announcer.say(`The feed of ${name} is held`, "feed");
  };
  const resume = () => {
    // Production asks first, and the question is part of its screen.
    if (connections.some((other) => other.name === name && other.environment === "production")) {
      void navigate({ to: "/connections", search: { name } });
      return;
    }
    control.start(name);
    announcer.say(`The feed of ${name} goes on`, "feed");
  };
  return {
    ...fromCatalogue("feed.hold"),
    title:
      name === ""
        ? "Hold or resume the feed"
        : takes
          ? `Hold the feed of ${name}`
          : `Resume the feed of ${name}`,
    inTextFields: true,
    unavailable: why(),
    run: takes ? hold : resume,
  };
}
