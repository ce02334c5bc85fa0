import { expect, it } from 'vitest';
import { allTurns, inTurn } from './turns.ts';

it('gives each its own task, in order, and none to whoever gave up', async () => {
  const told: string[] = [];
  let task = 0;
  const step = (name: string) => () => {
    told.push(`${name} ${task}`);
    void Promise.resolve().then(() => (task += 1));
  };
  inTurn(step('a'));
  const giveUp = inTurn(step('b'));
  inTurn(step('c'));
  giveUp();
  expect(told).toEqual([]);
  await allTurns();
  expect(told).toEqual(['a 0', 'c 1']);
});

it('goes on after one that failed', async () => {
  const told: string[] = [];
  const failed = new Promise((resolve) => process.once('uncaughtException', resolve));
  inTurn(() => {
    throw new Error('broken');
  });
  inTurn(() => told.push('next'));
  await failed;
  await allTurns();
  expect(told).toEqual(['next']);
});
