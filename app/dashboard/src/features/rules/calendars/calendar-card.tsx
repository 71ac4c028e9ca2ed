import { Button, Group } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { Moment } from "@/shared/time/moment";
import { count, several } from "@/shared/ui/numbers";
import { seen } from "@/shared/ui/outside";
import { Loaded } from "../loaded";
import { calendarVersionsQuery } from "../queries";
import { RowSkeletons } from "../row-skeletons";
import type { Calendar } from "./calendar-form";
import classes from "./calendars.module.css";
import { weeklyHours } from "./week";
import { WeekDrawing } from "./week-drawing";

/** One calendar: its week, its holidays, how it came to be so. */
export function CalendarCard({ calendar, onEdit }: { calendar: Calendar; onEdit: (() => void) | null }) {
  const { name, zone, hours, holidays, version } = calendar;
  return (
    <article className={classes.card} aria-label={`Calendar ${name}`}>
      <Group justify="space-between" align="flex-start" wrap="nowrap">
        <div>
          <h2 className={classes.name}>{name}</h2>
          <p className={classes.about}>
            {zone}, {count(Math.round(weeklyHours(hours) * 10) / 10)} hours a week
          </p>
        </div>
        {onEdit && (
          <Button size="xs" variant="default" aria-label={`Change ${name}`} onClick={onEdit}>
            Change…
          </Button>
        )}
      </Group>
      <WeekDrawing hours={hours} />
      {holidays.length > 0 && (
        <details className={classes.more}>
          <summary>{several(holidays.length, "holiday")}</summary>
          <ul>
            {holidays.map((holiday) => {
              const { on, name: called } = typeof holiday === "string" ? { on: holiday, name: "" } : holiday;
              return (
                <li key={on} dir="auto">
                  {on} {seen(called)}
                </li>
              );
            })}
          </ul>
        </details>
      )}
      {version > 0 ? <Past name={name} /> : <p className={classes.about}>Built in.</p>}
    </article>
  );
}

function Past({ name }: { name: string }) {
  const [isOpen, setOpen] = useState(false);
  const query = useQuery({ ...calendarVersionsQuery(name), enabled: isOpen });
  return (
    <details className={classes.more} onToggle={(event) => setOpen(event.currentTarget.open)}>
      <summary>How it was before</summary>
      <Loaded query={query} waiting={<RowSkeletons rows={2} height={20} />}>
        {({ items }) => (
          <ol>
            {items.map((calendar) => (
              <li key={calendar.version}>
                {calendar.created_at ? (
                  <>
                    Version {calendar.version}, <Moment at={calendar.created_at} /> by{" "}
                    <span dir="auto">{seen(calendar.author)}</span>
                    {calendar.note && (
                      <>
                        : <span dir="auto">{seen(calendar.note)}</span>
                      </>
                    )}
                  </>
                ) : (
                  "What is built in"
                )}
                , {count(Math.round(weeklyHours(calendar.hours) * 10) / 10)} hours a week
              </li>
            ))}
          </ol>
        )}
      </Loaded>
    </details>
  );
}
