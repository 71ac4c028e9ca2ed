import { Button, Group, Stack, Textarea, TextInput } from "@mantine/core";
import { useMutation } from "@tanstack/react-query";
import { useState } from "react";
import { Dialog } from "@/shared/ui/dialog";
import { ProblemPanel } from "@/shared/ui/problem-panel";
import { say } from "@/shared/ui/say";
import { putCalendar, renewRules } from "../calls";
import frame from "../rules.module.css";
import {
  DAYS,
  dayName,
  formOf,
  holidaysProblem,
  hoursProblem,
  type Calendar,
  type CalendarForm,
} from "./calendar-form";
import classes from "./calendars.module.css";

const NAME = /^[a-z0-9][a-z0-9-]{0,63}$/;

type Props = { calendar: Calendar; known: readonly Calendar[]; onClose: () => void };

/** A calendar's zone, hours and holidays, checked as they are typed. */
export function CalendarDialog({ calendar, known, onClose }: Props) {
  const isNew = calendar.name === "";
  const [name, setName] = useState(calendar.name);
  const [form, setForm] = useState<CalendarForm>(() => formOf(calendar));
  const put = useMutation({
    mutationFn: () => putCalendar(name, form),
    onSuccess: async (saved) => {
      say(saved.changed ? `Calendar ${saved.name} is saved.` : `Calendar ${saved.name} was so already.`);
      await renewRules();
      onClose();
    },
  });
  const present = known.find((each) => each.name === name);
  const nameProblem = !isNew || name === "" || NAME.test(name) ? null : "Use a-z, 0-9 and - only.";
  const taken = isNew && present !== undefined ? "There is a calendar of this name: change that one." : null;
  const problems = [...DAYS.map((day) => hoursProblem(form.hours[day])), holidaysProblem(form.holidays)];
  const isReady = name !== "" && form.zone.trim() !== "" && ![nameProblem, taken, ...problems].some(Boolean);
  return (
    <Dialog onClose={onClose} size="lg" title={isNew ? "New calendar" : `Change the calendar ${name}`}>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          if (isReady && !put.isPending) put.mutate();
        }}
      >
        <Stack gap="sm">
          {!isNew && present && present.version !== calendar.version && (
            <p className={frame.note} data-kind="warning" role="alert">
              Somebody saved version {present.version} while you wrote. What you save goes over it.
            </p>
          )}
          {isNew && (
            <TextInput
              label="Name"
              description="What targets and curves call it: a-z, 0-9 and -."
              required
              data-autofocus
              value={name}
              error={nameProblem ?? taken}
              onChange={(event) => setName(event.currentTarget.value)}
            />
          )}
          <Fields form={form} onChange={setForm} />
          {put.isError && <ProblemPanel error={put.error} />}
          <Group justify="flex-end" gap="xs">
            <Button variant="default" onClick={onClose}>
              Cancel
            </Button>
            <Button type="submit" disabled={!isReady} loading={put.isPending}>
              Save
            </Button>
          </Group>
        </Stack>
      </form>
    </Dialog>
  );
}

function Fields({ form, onChange }: { form: CalendarForm; onChange: (form: CalendarForm) => void }) {
  return (
    <>
      <TextInput
        label="Time zone"
        description="A name of the time zone database, such as Europe/Berlin."
        required
        value={form.zone}
        onChange={(event) => onChange({ ...form, zone: event.currentTarget.value })}
      />
      <fieldset className={classes.hours}>
        <legend>Hours of work</legend>
        <p className={classes.about}>As 09:00-12:30, 13:30-18:00. Leave a day empty where it is closed.</p>
        {DAYS.map((day) => (
          <TextInput
            key={day}
            label={dayName(day)}
            classNames={{ root: classes.hoursOfDay ?? "" }}
            value={form.hours[day]}
            error={hoursProblem(form.hours[day])}
            onChange={(event) => onChange({ ...form, hours: { ...form.hours, [day]: event.currentTarget.value } })}
          />
        ))}
      </fieldset>
      <Textarea
        label="Holidays"
        description="One a line: a day, and what it is called, such as 2026-12-25 Christmas."
        autosize
        minRows={2}
        maxRows={8}
        value={form.holidays}
        error={holidaysProblem(form.holidays)}
        onChange={(event) => onChange({ ...form, holidays: event.currentTarget.value })}
      />
      <TextInput
        label="Why (may be left out)"
        value={form.note}
        onChange={(event) => onChange({ ...form, note: event.currentTarget.value })}
      />
    </>
  );
}
