import { Anchor, CloseButton } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { remembered } from "@/shared/ui/remembered";
import { useStore } from "@/shared/ui/store";
import classes from "./panels.module.css";
import { countsQuery } from "./queries";
import { isUnknownWhoWeAre } from "./who-we-are";

const putAway = remembered("watchfloor.who-we-are-put-away", false);
const ALL_OPEN = {};

/** Asks who "we" are, as long as that is why nobody's turn is known. */
export function WhoNote() {
  const away = useStore(putAway);
  const { data: counts, isPlaceholderData } = useQuery({ ...countsQuery(ALL_OPEN), enabled: !away });
  if (away || !counts || isPlaceholderData || !isUnknownWhoWeAre(counts)) return null;
  return (
    <section className={classes.note} aria-label="Who we are">
      <p>
        <strong>Which addresses are yours?</strong> Until that is known, no task can say whose turn it is.{" "}
        <Anchor component={Link} to="/people" size="sm" underline="always">
          Mark them under People as one of us
        </Anchor>
      </p>
      <CloseButton size="sm" aria-label="Don't ask again" onClick={() => putAway.set(true)} />
    </section>
  );
}
