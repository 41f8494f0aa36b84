import type { Metadata } from 'next';
import { Reference } from '@/components/reference/Reference';

export const metadata: Metadata = {
  title: 'Reference: Index Factory Explorer',
  description: 'Every term of the Faiss factory language: syntax, what it builds, limits, bytes, training, search parameters and paper, each with a live figure.',
};

export default function Page() {
  return <Reference />;
}
