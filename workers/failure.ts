import type { Failure } from './protocol';

/** Failures cross as plain data; whatever else was thrown is a mistake in the engine and keeps its words. */
export function asFailure(thrown: unknown): Failure {
  if (isFailure(thrown)) return { name: thrown.name, message: thrown.message };
  return { name: 'broken', message: thrown instanceof Error ? thrown.message : String(thrown) };
}

function isFailure(thrown: unknown): thrown is Failure {
  if (typeof thrown !== 'object' || thrown === null || !('name' in thrown) || !('message' in thrown)) return false;
  return thrown.name === 'refused' || thrown.name === 'cancelled' || thrown.name === 'broken';
}
