import { useEffect } from "preact/hooks";
import { between, paramsOf, type Range } from "../src/address/range.ts";
import { tracePath, views } from "../src/address/views.ts";
import { duration, instant } from "./format.ts";
import { Failure, Progress } from "./parts/notice.tsx";
import { WindowBar } from "./parts/window-bar.tsx";
import { change, follow, linkTo, useAddress } from "./state/address.ts";
import type { Now, Receiver } from "./state/answers.ts";
import { api, useAnswer } from "./state/ask.ts";
import { type Revision, revisionOf, useNow, type Watched } from "./state/now.ts";
import { rangeOf, usualRange } from "./state/range.ts";
import { Empty } from "./views/empty.tsx";
import { ExplainView } from "./views/explain.tsx";
import { NowView } from "./views/now.tsx";
import { QualityView } from "./views/quality.tsx";
import { QueriesView } from "./views/queries.tsx";
import { TraceView } from "./views/trace.tsx";
import { TracesView } from "./views/traces.tsx";

/** The whole page. */
export function Page() {
  const address = useAddress();
  const watched = useNow();
  const receiver = useAnswer<Receiver>(api("page/receiver")).answer;
  const now = watched.answer;
  const range = rangeOf(address);
  useFollowing(now, range, address.params.get("live") === "1");
  const title = titleOf(address.path);
  useEffect(() => {
    document.title = title === "Now" ? "spancost" : `${title} · spancost`;
  }, [title]);
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: it only spares links, which have a key of their own, a load
    // biome-ignore lint/a11y/noStaticElementInteractions: as above
    <div class="page" onClick={follow}>
      <a class="skip" href="#main">
        To the content
      </a>
      <Header path={address.path} watched={watched} />
      <main id="main" tabIndex={-1}>
        <Failure error={watched.error} />
        {!now && <Progress isLoading={watched.isLoading} />}
        {now?.no_data && <Empty receiver={receiver} />}
        {now && !now.no_data && range && (
          <>
            <WindowBar range={range} now={now} />
            <h1 class="hidden">{title}</h1>
            <View
              path={address.path}
              {...{ now, range, receiver }}
              revision={revisionOf(watched.revision, range.shown.until, now)}
            />
          </>
        )}
      </main>
      {receiver && (
        <footer>
          spancost {receiver.version} · database {receiver.db} · running since{" "}
          {instant(receiver.started_at)} UTC · all times UTC
        </footer>
      )}
    </div>
  );
}

function Header({ path, watched }: { readonly path: string; readonly watched: Watched }) {
  return (
    <header>
      <a class="brand" href={linkTo("/")}>
        <img src="/icon.svg" alt="" width={16} height={16} /> spancost
      </a>
      <nav aria-label="Views">
        {views.map((view) => (
          <a
            key={view.path}
            href={linkTo(view.path)}
            aria-current={isWithin(path, view.path) ? "page" : undefined}
          >
            {view.title}
          </a>
        ))}
      </nav>
      <Freshness watched={watched} />
    </header>
  );
}

/** Whether what is shown is up to date: in words, and not by colour alone. */
function Freshness({ watched: { answer: now, error } }: { readonly watched: Watched }) {
  if (error !== undefined) return <span class="freshness bad">● no connection</span>;
  if (!now?.last_call) return <span class="freshness">○ waiting for the first call</span>;
  const age = Date.now() - Date.parse(now.last_call);
  return now.live ? (
    <span class="freshness good">● live</span>
  ) : (
    <span class="freshness">○ last call {duration(age)} ago</span>
  );
}

function View(props: {
  readonly path: string;
  readonly now: Now;
  readonly range: Range;
  readonly receiver: Receiver | undefined;
  readonly revision: Revision;
}) {
  const { path, now, range, receiver, revision } = props;
  if (isWithin(path, "/explain")) return <ExplainView {...{ now, range, revision }} />;
  const [, traceId] = /^\/trace\/([0-9a-f]{8,32})$/.exec(path) ?? [];
  if (traceId !== undefined)
    return <TraceView {...{ traceId, receiver }} revision={revision.calls} />;
  if (isWithin(path, "/quality")) return <QualityView range={range} revision={revision.minute} />;
  if (isWithin(path, "/queries")) return <QueriesView range={range} revision={revision.minute} />;
  if (isWithin(path, "/traces"))
    return <TracesView {...{ now, range }} revision={revision.calls} />;
  return <NowView {...{ now, range, revision }} />;
}

function titleOf(path: string): string {
  if (path.startsWith(tracePath(""))) return "Trace";
  return views.find((view) => isWithin(path, view.path))?.title ?? "Now";
}

function isWithin(path: string, view: string): boolean {
  if (view === "/traces" && path.startsWith(tracePath(""))) return true;
  return view === "/" ? path === "/" : path === view || path.startsWith(`${view}/`);
}

/**
 * Keeps the times of the address absolute: where it names none, it is given the usual ones, and where it follows what
 * is new, both stretches move along with the newest call.
 */
function useFollowing(now: Now | undefined, range: Range | undefined, isLive: boolean): void {
  const until = now?.window?.until;
  useEffect(() => {
    if (!now || until === undefined) return;
    if (range === undefined) {
      const usual = usualRange(now);
      if (usual) change({ ...paramsOf(usual), ...(now.live && { live: "1" }) }, "replace");
      return;
    }
    const moved = Date.parse(until) - Date.parse(range.window.until);
    if (!isLive || moved === 0) return;
    const later = ({ since, until: end }: Range["window"]) =>
      between(Date.parse(since) + moved, Date.parse(end) + moved);
    change(paramsOf({ window: later(range.window), shown: later(range.shown) }), "replace");
  }, [until, range === undefined, isLive]);
}
