import { SelectedGlyph } from '../glyphs';
import { css, type Palette } from '../palette';
import type { Camera } from './camera';
import type { Look } from './frame';

/** The node looked at closely, with all its links on all its layers. */
export function Selection({ look, camera, palette }: { look: Look; camera: Camera; palette: Palette }) {
  const { selected, nodes: { at, levels } } = look;
  if (!selected) return null;
  const spot = (place: number, layer: number) => camera.to(at[2 * place] ?? 0, at[2 * place + 1] ?? 0, layer);
  return (
    <g>
      {Array.from(selected.to, (to, i) => {
        const layer = selected.level[i] ?? 0, [a, b] = [spot(selected.place, layer), spot(to, layer)];
        return <path key={i} d={`M${a.x},${a.y}L${b.x},${b.y}`} stroke={css(palette.ink, 0.7)} strokeWidth={1} fill="none" />;
      })}
      {Array.from({ length: levels[selected.place] ?? 1 }, (_, layer) => { const { x, y } = spot(selected.place, layer); return <g key={layer} transform={`translate(${x} ${y})`}><SelectedGlyph r={9} /></g>; })}
    </g>
  );
}
