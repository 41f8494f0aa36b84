import { Popover } from 'radix-ui';
import type { PlaneAnswer } from '@/workers/protocol';
import { badgeOf, badgeStory } from './caption';
import style from './stage.module.css';

/** How far the picture can be trusted: one line on it, the reasons on demand. The popover opens inside `host`, where
 *  the stage's colours apply. */
export function Badge({ badge, host }: { badge: PlaneAnswer['badge']; host: HTMLElement | null }) {
  const story = badgeStory(badge);
  return (
    <Popover.Root>
      <Popover.Trigger className={style.badge} data-exact={badge.exact} title={story.join('\n')}>{badgeOf(badge)}</Popover.Trigger>
      <Popover.Portal container={host}>
        <Popover.Content className={style.popover} align="start" sideOffset={6} collisionPadding={8}>
          {story.map((paragraph) => <p key={paragraph}>{paragraph}</p>)}
        </Popover.Content>
      </Popover.Portal>
    </Popover.Root>
  );
}
