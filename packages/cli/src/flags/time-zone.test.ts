import { describe, expect, test } from "vitest";
import { instantAt, parseInstant } from "./time.ts";
import { instantOfClock, parseZone, utc } from "./time-zone.ts";
import { plain, windowText } from "./window.ts";

const berlin = parseZone("Europe/Berlin");
const now = Date.UTC(2026, 6, 1, 22, 30);

describe("a time without a zone is read as clocks of the zone show it:", () => {
  test.each([
    ["2026-07-01 14:10", "2026-07-01T12:10:00Z"],
    ["2026-01-01T14:10:30", "2026-01-01T13:10:30Z"],
    ["2026-07-01", "2026-06-30T22:00:00Z"],
    // It is the second of July there already.
    ["14:10", "2026-07-02T12:10:00Z"],
    ["yesterday", "2026-06-30T22:00:00Z"],
    ["2h", "2026-07-01T20:30:00Z"],
    ["2026-07-01T14:10Z", "2026-07-01T14:10:00Z"],
    ["2026-07-01T14:10-04:00", "2026-07-01T18:10:00Z"],
  ])("%s → %s", (text, instant) => {
    expect(parseInstant(text, "since", now, berlin)).toBe(instant);
  });
});

test("yesterday is the day before on the calendar, also late on a day of 25 hours", () => {
  const late = Date.parse("2026-10-25T23:30:00+01:00");
  expect(parseInstant("yesterday", "since", late, berlin)).toBe("2026-10-23T22:00:00Z");
});

describe("a time that clocks show twice or not at all", () => {
  const at = (text: string) => instantAt(instantOfClock(berlin, Date.parse(`${text}Z`)));

  test("is the first of the two as summer time ends", () => {
    expect(at("2026-10-25T02:30:00")).toBe("2026-10-25T00:30:00Z");
    expect(at("2026-10-25T03:00:00")).toBe("2026-10-25T02:00:00Z");
  });

  test("is as long after the jump as summer time begins", () => {
    expect(at("2026-03-29T02:30:00")).toBe("2026-03-29T01:30:00Z");
    expect(at("2026-03-29T03:30:00")).toBe("2026-03-29T01:30:00Z");
  });

  test("is where the clock is, half hours and the other side of the date line included", () => {
    const there = (name: string) =>
      instantAt(instantOfClock(parseZone(name), Date.UTC(2026, 0, 1)));
    expect(there("Asia/Kolkata")).toBe("2025-12-31T18:30:00Z");
    expect(there("Pacific/Kiritimati")).toBe("2025-12-31T10:00:00Z");
    expect(there("America/New_York")).toBe("2026-01-01T05:00:00Z");
  });
});

test("times are printed as clocks of the zone show them, with its name", () => {
  expect(plain("2026-07-01T22:30:15.5Z", berlin)).toBe("2026-07-02 00:30:15");
  const window = { since: "2026-07-01T12:00:00Z", until: "2026-07-01T22:30:00Z" };
  expect(windowText(window, berlin)).toBe("2026-07-01 14:00 to 2026-07-02 00:30 Europe/Berlin");
  expect(windowText(window)).toBe("2026-07-01 12:00 to 22:30 UTC");
});

test("names are taken in any case, and UTC is UTC", () => {
  expect(parseZone("europe/berlin").name).toBe("Europe/Berlin");
  expect(parseZone("Asia/Kolkata").name).toBe("Asia/Kolkata");
  expect(parseZone("utc")).toBe(utc);
});

test.each(["Mars/Olympus", "+02:00", "", "Berlin"])("%j is no zone", (name) => {
  expect(() => parseZone(name)).toThrow(
    `--timezone takes the name of a zone such as UTC, Europe/Berlin or America/New_York, not "${name}".`,
  );
});

test("a name that is nearly one is guessed", () => {
  expect(() => parseZone("Europe/Berln")).toThrow("Did you mean Europe/Berlin?");
});
