// What can be done from anywhere: going to screens, making records, changing the look. Palette, keys and `?` sheet read this.
import { asProblem } from '../generic/host.ts';
import { recordNameInside, recordsName, reportName } from '../generic/words.ts';
import type { Action } from '../kit/keys.ts';
import { t } from '../kit/language.svelte.ts';
import { panels } from './panels.svelte.ts';
import { preferences, type Theme } from './preferences.svelte.ts';
import { router } from './router.svelte.ts';
import { availableScreens, pathOfRecord } from './screens.ts';
import { session } from './session.svelte.ts';
import { nextStep, stepAgain, stepWords, type Way } from './steps.svelte.ts';
import { sync } from './sync.svelte.ts';
import { showToast } from './toasts.svelte.ts';

export function appActions(): Action[] {
  return [...general(), ...screens(), ...creation(), ...reports(), ...look()];
}

function general(): Action[] {
  const group = t('keys.general');
  return [
    { id: 'palette', label: t('palette.title'), keys: ['Ctrl+K'], scope: 'app', group, local: true, run: () => (panels.palette = true) },
    { id: 'keys', label: t('keys.title'), keys: ['?'], scope: 'app', group, run: () => (panels.keys = true) },
    { id: 'jobs', label: t('jobs.title'), scope: 'app', group, run: () => (panels.jobs = true) },
    { id: 'sync.panel', label: t('sync.title'), also: t('sync.also'), scope: 'app', group, run: () => (panels.sync = true) },
    { id: 'sync.now', label: t('sync.now'), keys: ['Ctrl+Shift+S'], scope: 'app', group, enabled: () => sync.connected, run: syncNow },
    { id: 'sync.connect', label: t('sync.connect'), scope: 'app', group, enabled: () => sync.status?.part === 'alone', run: () => (panels.connect = true) },
    ...(['undo', 'redo'] as const).map((way) => ({
      id: `history.${way}`,
      label: named(way),
      keys: way === 'undo' ? ['Ctrl+Z'] : ['Ctrl+Shift+Z', 'Ctrl+Y'],
      scope: 'app' as const,
      group,
      outsideFields: true,
      run: () => stepAgain(way),
    })),
    { id: 'back', label: t('back'), keys: ['Alt+ArrowLeft'], scope: 'app', group, local: true, run: () => router.back() },
    { id: 'invoice.new', label: t('invoice.new'), keys: ['C I'], scope: 'app', group: t('keys.create'), path: '/invoices/new', run: () => router.go('/invoices/new') },
  ];
}

/** `Undo: Contact Miller changed`. */
function named(way: Way): string {
  const step = nextStep(way);
  return step ? t('step.named', { way: t(`step.way.${way}`), what: stepWords(step) }) : t(`step.way.${way}`);
}

/** Asks for a round; how it goes is said by the status line. */
function syncNow(): void {
  session.call('sync.now', {}).then(
    () => showToast({ text: t('sync.asked') }),
    (thrown: unknown) => {
      const { message, next } = asProblem(thrown);
      showToast({ text: `${message} ${next}`, tone: 'bad' });
    },
  );
}

function screens(): Action[] {
  const screens = availableScreens().filter((s) => s.group);
  const places = screens.map(({ id, path, key }) => ({ id, path, key, name: t(`screen.${id}`) }));
  // What has no place in the sidebar is a list of records like the others.
  const lists = (session.register?.records ?? []).filter((r) => r.save && !screens.some((s) => s.path === pathOfRecord(r.name)));
  const more = lists.map((r) => ({ id: r.name, path: pathOfRecord(r.name), key: undefined, name: recordsName(r.name) }));
  return [...places, ...more].map(({ id, path, key, name }) => ({
    id: `go.${id}`,
    label: t('go_to', { name }),
    name,
    path,
    ...(key ? { keys: [key] } : {}),
    scope: 'app' as const,
    group: t('keys.go'),
    run: () => router.go(path),
  }));
}

/** The letter after `C` for what is made most. */
const CREATE_KEYS: Record<string, string> = { party: 'C C', item: 'C P' };

function creation(): Action[] {
  const records = session.register?.records.filter((r) => r.save && r.name !== 'billing_invoice') ?? [];
  return records.map((record) => ({
    id: `new.${record.name}`,
    label: t('new_record', { name: recordNameInside(record.name) }),
    path: pathOfRecord(record.name, 'new'),
    ...(CREATE_KEYS[record.name] ? { keys: [CREATE_KEYS[record.name] ?? ''] } : {}),
    scope: 'app' as const,
    group: t('keys.create'),
    run: () => router.go(pathOfRecord(record.name, 'new')),
  }));
}

function reports(): Action[] {
  return (session.register?.reports ?? []).map((report) => ({
    id: `report.${report.name}`,
    label: t('open_report', { name: reportName(report) }),
    name: reportName(report),
    path: `/reports/${report.name}`,
    scope: 'app' as const,
    group: t('screen.reports'),
    run: () => router.go(`/reports/${report.name}`),
  }));
}

function look(): Action[] {
  const themes: Theme[] = ['system', 'light', 'dark', 'contrast'];
  const group = t('settings.look');
  return [
    ...themes.map((theme) => ({
      id: `theme.${theme}`,
      label: t('settings.use_theme', { name: t(`settings.theme.${theme}`) }),
      scope: 'app' as const,
      group,
      run: () => (preferences.theme = theme),
    })),
    {
      id: 'density',
      label: t('settings.switch_density'),
      scope: 'app',
      group,
      run: () => (preferences.density = preferences.density === 'compact' ? 'comfortable' : 'compact'),
    },
  ];
}
