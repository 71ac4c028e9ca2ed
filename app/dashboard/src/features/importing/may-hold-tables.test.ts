import { describe, expect, it } from "vitest";
import { mayHoldTables } from "./may-hold-tables";

const file = (...parts: string[]) => new Blob(parts);

describe("asking about columns", () => {
  it("is worth it for a table, and for what can't be told apart from one", async () => {
    expect(await mayHoldTables(file("title,due\nPay,2026-03-02\n"))).toBe(true);
    expect(await mayHoldTables(file('[{"title": "Pay"}]'))).toBe(true);
    expect(await mayHoldTables(file("PK\x03\x04", "tasks/Board.csv"))).toBe(true);
  });

  it("is not worth sending mail, packed mail or a Slack export twice", async () => {
    expect(await mayHoldTables(file("From ana@example.org Mon Mar  2 09:00:00 2026\n"))).toBe(false);
    expect(await mayHoldTables(file("Received: from a by b\n"))).toBe(false);
    expect(await mayHoldTables(file("\x1f\x8b"))).toBe(false);
    expect(await mayHoldTables(file("PK\x03\x04", "x".repeat(600), "channels.json users.json"))).toBe(false);
    expect(await mayHoldTables(file("PK\x03\x04", "Takeout/Mail/All mail.mbox"))).toBe(false);
  });
});
