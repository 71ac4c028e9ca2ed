import { api, bodyOf, type Schema } from "@/shared/api/client";
import { queryClient } from "@/shared/api/query-client";
import { bodyOfForm, type CalendarForm } from "./calendars/calendar-form";

// Each takes the key under which it may be repeated: it happens once, however often it is sent.

const once = (key: string) => ({ header: { "Idempotency-Key": key } });

/** After the rules changed, everything that rests on them is asked for again; tasks follow by the stream of events. */
export const renewRules = () =>
  Promise.all([
    queryClient.invalidateQueries({ queryKey: ["rules"] }),
    queryClient.invalidateQueries({ queryKey: ["tasks", "about"] }),
  ]);

export type ToSave = { name: string; text: string; note: string; activate: boolean };

export const saveRuleset = ({ name, text, note, activate }: ToSave, key: string) =>
  bodyOf(
    api.POST("/api/v1/rulesets/{name}", {
      params: { path: { name }, ...once(key) },
      body: { toml: text, note, activate },
    }),
  );

export const activateVersion = (name: string, version: number, note: string, key: string) =>
  bodyOf(
    api.POST("/api/v1/rulesets/{name}/activate", {
      params: { path: { name }, ...once(key) },
      body: { version, note, author: "" },
    }),
  );

export const rollBack = (note: string, key: string) =>
  bodyOf(api.POST("/api/v1/rulesets/rollback", { params: once(key), body: { note, author: "" } }));

export type Decision = "accept" | "reject" | "revert";

export function decide(id: number, decision: Decision, note: string, key: string): Promise<Schema<"Decided">> {
  const given = { params: { path: { proposal_id: id }, ...once(key) }, body: { note, author: "" } };
  switch (decision) {
    case "accept":
      return bodyOf(api.POST("/api/v1/proposals/{proposal_id}/accept", given));
    case "reject":
      return bodyOf(api.POST("/api/v1/proposals/{proposal_id}/reject", given));
    case "revert":
      return bodyOf(api.POST("/api/v1/proposals/{proposal_id}/revert", given));
  }
}

export const putCalendar = (name: string, form: CalendarForm) =>
  bodyOf(api.PUT("/api/v1/calendars/{name}", { params: { path: { name } }, body: bodyOfForm(form) }));
