import type { LookView } from '../looks';
import type { Look } from './frame';
import { Layers } from './Layers';
import { LayersLegend } from './Legend';
import { caption, tracks } from './story';

export const layersView: LookView<Look> = { Picture: Layers, caption, Legend: LayersLegend, tracks };
