import { Link } from "@tanstack/react-router";
import type { ReactNode } from "react";
import classes from "./part-link.module.css";
import type { RulesSearch } from "./search";
import type { Tab } from "./tabs";

/** A link to a part of the rules, about one ruleset. */
export function PartLink({
  tab,
  ruleset,
  version,
  looksLikeButton = false,
  label,
  children,
}: RulesSearch & { tab?: Exclude<Tab, "rules">; looksLikeButton?: boolean; label?: string; children: ReactNode }) {
  const search = {
    ...(ruleset === undefined ? {} : { ruleset }),
    ...(version === undefined ? {} : { version }),
  };
  return (
    <Link
      to="/rules/{-$tab}"
      params={{ tab }}
      search={search}
      className={looksLikeButton ? classes.button : classes.link}
      aria-label={label}
    >
      {children}
    </Link>
  );
}
