import { ChevronDown, ChevronUp } from 'lucide-react';
import { Button, Menu, MenuItem, MenuTrigger, Popover } from 'react-aria-components';
import { count } from '../../../charts/format.ts';
import { figureSvg } from '../../../charts/figureSvg.ts';
import { savePicture, type PictureKind } from '../../../charts/picture.ts';
import { Btn, Skeleton } from '../../controls/Basics.tsx';
import { download } from '../../controls/download.ts';
import { Later } from '../../controls/Later.tsx';
import { en } from '../../messages/en.ts';
import { shownEvents } from '../../state/resultsSlice.ts';
import { valueOf } from '../../state/types.ts';
import { useApp, useAppStore } from '../../state/useApp.ts';
import { MarkFilter } from '../drift/Marks.tsx';
import { NormalComparison } from '../drift/NormalComparison.tsx';
import { EventsTable } from './EventsTable.tsx';
import { SettingsBar } from './SettingsBar.tsx';

/** The events below the lanes: filter, export, settings, table. */
export function Bottom() {
  const isFolded = useApp((s) => s.tableFolded);
  const filter = useApp((s) => s.eventFilter);
  // Another run fills lanes, table and inspector at once: each in its turn.
  const runId = useApp((s) => valueOf(s.current)?.id ?? '');
  const events = useApp((s) => shownEvents(s)?.events.length ?? null);
  const isComparing = useApp((s) => s.normalDiff !== null && s.normalDiff.after === valueOf(s.current)?.id);
  const { setView } = useAppStore().getState();
  return (
    <section className={isFolded ? 'bottom folded' : 'bottom'} aria-label={en.table.events} data-tour="events">
      <div className="tabs">
        <span className="tab" data-selected="">
          {en.table.events} <em>{events === null ? '' : count(events)}</em>
        </span>
        <MarkFilter />
        <RunOf />
        <span className="grow" />
        <div className="tools">
          <input
            className="field small"
            style={{ width: 210 }}
            type="search"
            aria-label={en.table.filterTip}
            title={en.table.filterTip}
            placeholder={en.table.filter}
            value={filter}
            onChange={(event) => setView({ eventFilter: event.target.value, tableFolded: false })}
          />
          <ExportMenu />
          <Btn
            look="quiet"
            small
            icon
            kbd="T"
            className="fold"
            aria-label={isFolded ? en.table.unfold : en.table.fold}
            onPress={() => setView({ tableFolded: !isFolded })}
          >
            {isFolded ? <ChevronUp size={14} aria-hidden="true" /> : <ChevronDown size={14} aria-hidden="true" />}
          </Btn>
        </div>
      </div>
      {isComparing ? (
        <NormalComparison />
      ) : (
        !isFolded && (
          <>
            <SettingsBar />
            <Later key={runId} instead={<Skeleton saying={en.review.loadingRun} />}>
              <EventsTable />
            </Later>
          </>
        )
      )}
    </section>
  );
}

/** Whose events these are: the engine that is chosen for the next run may be another one. */
function RunOf() {
  const name = useApp((s) => valueOf(s.current)?.name ?? null);
  if (name === null) return null;
  return (
    <span className="hint small run-of only-wide" title={en.runName(name)}>
      {en.runName(name)}
    </span>
  );
}

function ExportMenu() {
  const hasRun = useApp((s) => s.current.is === 'ready');
  const { exportCsv, exportWhole } = useAppStore().getState();
  const run = useApp((s) => valueOf(s.current)?.name ?? '');
  const picture = async (of: 'lanes' | 'overview', kind: PictureKind) => {
    const figure = document.querySelector(of === 'lanes' ? '.tt-stack' : '.tt-overview');
    if (figure)
      await savePicture(kind, figureSvg(figure, `${run}: ${en.share[of](kind.toUpperCase())}`), `${run} ${of}`);
  };
  const save = async (what: string) => {
    const drawn = /^(lanes|overview)-(svg|png)$/.exec(what);
    if (drawn) return picture(drawn[1] as 'lanes', drawn[2] as PictureKind);
    const isTable = what === 'events' || what === 'scores';
    const outcome = await (isTable ? exportCsv(what) : exportWhole(what as Parameters<typeof exportWhole>[0]));
    if (outcome?.ok) download(outcome.value);
  };
  return (
    <MenuTrigger>
      <Button className="btn small" isDisabled={!hasRun}>
        {en.table.export}
      </Button>
      <Popover placement="top end">
        <Menu className="menu" onAction={(key) => void save(String(key))}>
          <MenuItem id="events" className="menu-item" textValue={en.table.exportEvents}>
            <span className="label">{en.table.exportEvents}</span>
          </MenuItem>
          <MenuItem id="scores" className="menu-item" textValue={en.table.exportScores}>
            <span className="label">{en.table.exportScores}</span>
          </MenuItem>
          <MenuItem id="parquet" className="menu-item" textValue={en.share.parquet}>
            <span className="label">{en.share.parquet}</span>
          </MenuItem>
          <MenuItem id="events-parquet" className="menu-item" textValue={en.share.eventsParquet}>
            <span className="label">{en.share.eventsParquet}</span>
          </MenuItem>
          {(['lanes', 'overview'] as const).flatMap((of) =>
            (['svg', 'png'] as const).map((kind) => (
              <MenuItem
                key={`${of}-${kind}`}
                id={`${of}-${kind}`}
                className="menu-item"
                textValue={en.share[of](kind.toUpperCase())}
              >
                <span className="label">{en.share[of](kind.toUpperCase())}</span>
              </MenuItem>
            )),
          )}
          <MenuItem id="model" className="menu-item" textValue={en.share.model}>
            <span className="label">{en.share.model}</span>
            <span className="note">{en.share.modelTip}</span>
          </MenuItem>
          <MenuItem id="report" className="menu-item" textValue={en.share.report}>
            <span className="label">{en.share.report}</span>
            <span className="note">{en.share.reportTip}</span>
          </MenuItem>
        </Menu>
      </Popover>
    </MenuTrigger>
  );
}
