/** Works that several terms go back to. */
export const FAISS = 'Douze et al., The Faiss library, arXiv 2401.08281, 2024';
export const PANORAMA = 'Ramani et al., Panorama: fast-track nearest neighbors, arXiv 2510.00566, 2025';
