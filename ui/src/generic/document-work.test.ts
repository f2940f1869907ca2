// A draft that was refused is put right together with what changed and posted it, under the id that it gets now.
import assert from 'node:assert/strict';
import test from 'node:test';
import type { AttentionItem } from '../gen/contract.ts';
import { documentWork, isDocumentWork, toldNow } from './document-work.ts';

let pos = 0;
const item = (command: string, root: string, name: string, args: Record<string, unknown>): AttentionItem => {
  pos += 1;
  return { command, root, name, args, actor_name: '', recorded_at: 0, outcome: 'refused', reason: { kind: 'state', code: '', args: {}, field: null, message: '', next: '' }, label: '', pos, beside: null, may_ask: false };
};
const made = item('a', 'a', 'billing.save_draft', { id: null, draft: { party: '1', lines: [] } });
const changed = item('b', 'a', 'billing.save_draft', { id: 'D1', draft: { party: '2', lines: [] } });
const posted = item('c', 'a', 'billing.post_draft', { id: 'D1' });
const other = item('d', 'd', 'billing.post_draft', { id: 'D9' });
const ITEMS = [posted, made, other, changed];

test('what made, changed and posted one draft belongs together, whichever is looked at', () => {
  for (const command of ['a', 'b', 'c']) {
    const work = documentWork(ITEMS, command);
    assert.deepEqual(work?.steps.map((step) => step.command), ['a', 'b', 'c']);
    assert.deepEqual([work?.draft, work?.posts], [{ party: '2', lines: [] }, true]);
  }
});

test('other documents and other work stay apart', () => {
  assert.deepEqual(documentWork(ITEMS, 'd')?.steps.map((step) => step.command), ['d']);
  assert.equal(documentWork(ITEMS, 'd')?.draft, null);
  assert.equal(documentWork(ITEMS, 'gone'), null);
  const second = item('e', 'a', 'billing.save_draft', { draft: {} });
  assert.deepEqual(documentWork([...ITEMS, second], 'a')?.steps.map((step) => step.command), ['a'], 'two drafts were made: nobody knows which one D1 is');
  assert.equal(isDocumentWork({ name: 'parties.save_party' }), false);
});

test('a draft alone is only kept, an invoice posted at once is one step', () => {
  assert.equal(documentWork([made], 'a')?.posts, false);
  const once = item('f', 'a', 'billing.post_invoice', { draft: { party: '3' } });
  assert.deepEqual(documentWork([...ITEMS, once], 'f')?.steps.map((step) => step.command), ['f']);
});

test('each step is told the new draft under its new id', () => {
  const draft = { party: '3' };
  assert.deepEqual(toldNow(made, null, draft), { id: null, draft });
  assert.deepEqual(toldNow(changed, 'D2', draft), { id: 'D2', draft });
  assert.deepEqual(toldNow(posted, 'D2', draft), { id: 'D2' });
  assert.deepEqual(toldNow(other, null, draft), { id: 'D9' });
});
