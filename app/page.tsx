import { Explore } from '@/components/explorer/Explore';

export default function Page() {
  return <Explore />;
}
