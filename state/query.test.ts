import { expect, test } from 'vitest';
import { findQueries, readQuery, writeQuery } from './query';

const names = ['king', 'Paris', '1984', 'rock ’n’ roll', 'kind'];

test.each([
  ['king', { kind: 'heldOut', index: 0 }],
  ['paris', { kind: 'heldOut', index: 1 }],
  ['3', { kind: 'heldOut', index: 3 }],
  ['id:1234', { kind: 'base', id: 1234 }],
  ['king@0.31,-0.2', { kind: 'plane', index: 0, x: 0.31, y: -0.2 }],
  ['queen', null],
  ['17', null],
] as const)('%s is read', (text, ref) => {
  expect(readQuery(text, names)).toEqual(ref);
});

test('what is written is read as the same query', () => {
  for (let index = 0; index < names.length; index++) {
    for (const ref of [{ kind: 'heldOut', index }, { kind: 'plane', index, x: 1.5, y: -2e-3 }, { kind: 'base', id: index }] as const) {
      expect(readQuery(writeQuery(ref, names), names)).toEqual(ref);
    }
  }
});

test('a name that reads as a number is written as its own number', () => {
  expect(writeQuery({ kind: 'heldOut', index: 2 }, names)).toBe('2');
});

test('search lists names that begin with the text before those that hold it', () => {
  expect(findQueries('ki', names, 10)).toEqual([0, 4]);
  expect(findQueries('r', names, 10)).toEqual([3, 1]);
  expect(findQueries('4', names, 10)).toEqual([4, 2]);
});
