import {
  IconActivityHeartbeat,
  IconAdjustments,
  IconInbox,
  IconPlugConnected,
  IconScale,
  IconUsers,
} from "@tabler/icons-react";
import { Link, Outlet, useNavigate } from "@tanstack/react-router";
import { useEffect } from "react";
import { PaletteOpeners } from "@/features/palette/openers";
import { useCommands } from "@/shared/keys/commands";
import { listenForKeys } from "@/shared/keys/dispatcher";
import { keepFresh } from "@/shared/live/keep-fresh";
import { said } from "@/shared/ui/say";
import { useStore } from "@/shared/ui/store";
import { Account } from "./account";
import { ConnectionNote } from "./connection-note";
import { LevelChip } from "./level-chip";
import { Overlays } from "./overlays";
import { RenewedNote } from "./renewed-note";
import classes from "./shell.module.css";

const PLACES = [
  { to: "/", label: "Queue", icon: IconInbox, keys: "g q" },
  { to: "/integrations", label: "Integrations", icon: IconPlugConnected, keys: "g i" },
  { to: "/rules/{-$tab}", label: "Rules", icon: IconScale, keys: "g r" },
  { to: "/watch/{-$tab}", label: "Watch", icon: IconActivityHeartbeat, keys: "g w" },
  { to: "/people", label: "People", icon: IconUsers, keys: "g p" },
  { to: "/settings/{-$tab}", label: "Settings", icon: IconAdjustments, keys: "g s" },
] as const;

function Places() {
  const navigate = useNavigate();
  useCommands(
    PLACES.map(({ to, label, keys }) => ({
      id: `go ${label}`,
      group: "Go to",
      title: label,
      keys,
      run: () => void navigate({ to }),
    })),
  );
  return (
    <nav className={classes.places} aria-label="Pages">
      {PLACES.map(({ to, label, icon: Icon, keys }) => (
        <Link key={to} to={to} activeOptions={{ exact: to === "/" }} className={classes.place} aria-keyshortcuts={keys}>
          <Icon aria-hidden size={20} stroke={1.6} />
          <span>{label}</span>
        </Link>
      ))}
    </nav>
  );
}

/** What stands around every page: where one can go, how things stand, who is signed in. */
export function Shell() {
  useEffect(keepFresh, []);
  useEffect(listenForKeys, []);
  return (
    <div className={classes.shell}>
      <a className={classes.skip} href="#content">
        Skip to the content
      </a>
      <header className={classes.side}>
        <Link to="/" className={classes.brand}>
          <img src="/icon.svg" alt="" width={22} height={22} />
          <span>Watchfloor</span>
        </Link>
        <PaletteOpeners />
        <Places />
        <div className={classes.foot}>
          <LevelChip />
          <Account />
        </div>
      </header>
      <main id="content" tabIndex={-1} className={classes.content}>
        <ConnectionNote />
        <RenewedNote />
        <Outlet />
      </main>
      <Overlays />
      <p className="unseen" role="status">
        {useStore(said)}
      </p>
    </div>
  );
}
