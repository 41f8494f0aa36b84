/** Why a row lies outside of what its seeds spread, one sentence a row, by nameOf. */
export const reasons: Record<string, string> = {
  'synth64 L2 IVF256,PQ16': 'Which bits of two codes differ depends on the order that annealing ends in; under a limit of 40 of 128 bits fewer than one code a query passes, and those few decide.',
  'synth64 L2 PCA32,LSH128r': 'The bits are signs after a fixed rotation of the 32 principal axes; an eigenvector may point either way, and each choice of signs is another rotation. In these trainings the signs were drawn anew each time.',
  'synth64 L2 IVF256,PCAR32,SHc': 'A spectral hash of 32 bits in cells decides the first result by a few bits; another order of the training vectors moves it as far.',
  'synth64 L2 OPQ16_64,IMI2x8,PQ16': 'OPQ ends in another rotation, under which the halves of a vector fall into other cells.',
  'synth64 L2 IVF256,RQ16x4fsr_Nrq2x4': 'The reference has one seed, whose 1@1 lies at the top of this spread or above it at every setting but the first.',
  'photo-sift L2 IVF1024(RCQ2x5),Flat': 'Two codebooks of 32 rows make all 1024 centroids, so one that lands in another optimum moves every cell. Our next three seeds give 10@10 0.271–0.276 at nprobe=1 and 0.411–0.418 at nprobe=2.',
  'photo-sift L2 IVF1024,PQ32': 'One training each: ours is higher in 10@10 and lower in 1@1. IVF256,PQ32, PQ32 and IVF1024_HNSW32,PQ32 agree on these vectors. Not yet trained more often.',
  'photo-sift L2 IMI2x8,PQ32': 'One training each, as before; 26 fewer of the 65 536 lists hold something. Not yet trained more often.',
  'glove IP IVF128,SQtqmse4': 'Faiss 1.15.1 divides the levels by √d, for vectors of length 1; 1.15.0, of which the reference is and which we follow, takes those of N(0, 1) as they are. On word vectors, which are longer, the wider levels clip less.',
};
