/** Why a row lies outside of what its seeds spread, one sentence a row, by nameOf. */
export const reasons: Record<string, string> = {
  'synth64 L2 IVF256,PQ16': 'Which bits of two codes differ depends on the order that annealing ends in; under a limit of 40 of 128 bits fewer than one code a query passes, and those few decide.',
  'synth64 L2 PCA32,LSH128r': 'The bits are signs after a fixed rotation of the 32 principal axes; an eigenvector may point either way, and each choice of signs is another rotation. In these trainings the signs were drawn anew each time.',
  'synth64 L2 IVF256,PCAR32,SHc': 'A spectral hash of 32 bits in cells decides the first result by a few bits; another order of the training vectors moves it as far.',
  'synth64 L2 OPQ16_64,IMI2x8,PQ16': 'OPQ ends in another rotation, under which the halves of a vector fall into other cells.',
  'synth64 L2 OPQ32,IMI2x8,PQ32': 'As above: other halves, and one training of Faiss to compare with. 10@10 agrees at every setting.',
  'synth64 L2 IVF256,RQ16x4fsr_Nrq2x4': 'The reference has one seed, whose 1@1 lies at the top of this spread or above it at every setting but the first.',
  'photo-sift L2 IVF1024(RCQ2x5),Flat': 'Two codebooks of 32 rows make all 1024 centroids, so one that lands in another optimum moves every cell. Our next three seeds give 10@10 0.271–0.276 at nprobe=1 and 0.411–0.418 at nprobe=2.',
  'photo-sift L2 IVF1024,PQ32': 'The reference’s one training is lucky in 1@1 and unlucky in 10@10; other orders of the training vectors give Faiss what we have.',
  'photo-sift L2 IMI2x8,PQ32': 'As above; 26 fewer of the 65 536 lists hold something, since rounding takes k-means to another optimum, and an empty list has no record in the file.',
  'photo-sift L2 OPQ32,IMI2x8,PQ32': 'OPQ ends in another rotation, here one that leaves the halves better to tell apart at the first lists; one training each.',
  'photo-sift L2 IMI2x8,Flat': 'The same lists as those of IMI2x8,PQ32: 26 fewer hold something.',
  'photo-sift L2 PCA64,IVF256,SQ8': 'Rounding takes the k-means of 256 cells to another optimum. For the further trainings the signs of the axes were drawn anew.',
  'photo-sift L2 RR128,IVF256,RaBitQ4': 'After a rotation rounding takes the k-means of 256 cells to another optimum; from nprobe=16 on, where cells decide less, every figure agrees.',
  'glove IP IVF128,SQtqmse4': 'Faiss 1.15.1 divides the levels by √d, for vectors of length 1; 1.15.0, of which the reference is and which we follow, takes those of N(0, 1) as they are. On word vectors, which are longer, the wider levels clip less.',
};
