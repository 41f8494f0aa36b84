"""What native Faiss reaches on sets that the reference does not hold, and what it counts: makes scripts/agree/native.json.

  npm run agree -- --write FOLDER [--base F --query F]   the vectors, as files
  python scripts/agree/native.py FOLDER                  with any `import faiss`; rows that the file holds already are kept

Every row runs in a process of its own. Seed 0 is Faiss's own; for another the training vectors are permuted and graphs
draw their levels anew. Each row: figures per setting and seed, shares [10@10, 1@1, 1@100]; a search of its own for k = 100.
"""
import json
import os
import re
import sys
import time

for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS"):
    os.environ[name] = "1"
import faiss  # noqa: E402
import numpy as np  # noqa: E402

faiss.omp_set_num_threads(1)
OUT = os.path.join(os.path.dirname(os.path.abspath(__file__)), "native.json")
LONG_S = 15  # a row whose training takes longer has one seed

LISTS = [{"nprobe": 1}, {"nprobe": 4}, {"nprobe": 16}]
BEAMS = [{"efSearch": 16}, {"efSearch": 64}]
LAYERS = [{"search_L": 16}, {"search_L": 64}]
REFINED = [{"nprobe": 8, "k_factor_rf": 1}, {"nprobe": 8, "k_factor_rf": 4}]
ONCE = [{}]

WANTED = {
    ("glove", "IP"): [
        ("IVF128,Flat", LISTS), ("IVF128,SQ6", LISTS), ("PCA50,IVF128,SQ8", LISTS), ("HR,IVF128,RaBitQ", LISTS),
        ("IVF128,RaBitQ4", LISTS), ("IVF128,RaBitQfs", LISTS), ("IVF128,EDEN2", LISTS), ("IVF128,SQtqmse4", LISTS),
        ("IVF256_HNSW16,Flat", LISTS), ("HNSW16", BEAMS), ("HNSW16,SQ8", BEAMS), ("SQ4", ONCE), ("PQ25x4fs", ONCE),
        ("IVF128,PQ20x4", LISTS), ("IVF128,PQ20x4fsr", LISTS), ("IVF128,PQ10x6,RFlat", REFINED), ("RQ8x4fs", ONCE),
        ("IVF128,RQ4x6", LISTS), ("EDEN4", ONCE), ("IVF128,PQ20", LISTS),
    ],
    ("fashion-mnist", "L2"): [
        ("IVF64,Flat", LISTS), ("IVF64,SQ4", LISTS), ("PCA64,IVF64,SQ8", LISTS), ("L2norm,IVF64,SQfp16", LISTS),
        ("IVF64,RaBitQ4", LISTS), ("RR64,RaBitQ", ONCE), ("PCA64,EDEN4", ONCE), ("PCAW32,Flat", ONCE), ("ITQ64,LSH", ONCE),
        ("LSHrt", ONCE), ("HNSW16", BEAMS), ("PCA64,HNSW16,SQ8", BEAMS), ("PCA64,NSG16", LAYERS), ("IMI2x5,Flat", LISTS),
        ("IVF64,PQ49x4fs", LISTS), ("PCA64,IVF64,PQ16x4", LISTS), ("PCA32,IVF64,RQ4x6", LISTS), ("IVF64(PQ28x4),Flat", LISTS),
        ("IVF64,PQ28x6,Refine(SQ8)", REFINED), ("PCA64,PQ16", ONCE),
    ],
}

COUNTED = [
    ("IVF256,Flat", [{"nprobe": 1}, {"nprobe": 8}, {"nprobe": 64}]), ("IVF256,PQ16", [{"nprobe": 8}]), ("IVF1024,Flat", [{"nprobe": 64}]),
    ("IVF256_HNSW32,Flat", [{"nprobe": 1}, {"nprobe": 8}, {"nprobe": 64}]), ("HNSW32", [{"efSearch": 16}, {"efSearch": 64}, {"efSearch": 256}]),
    ("HNSW32,SQ8", [{"efSearch": 64}]), ("IMI2x8,PQ16", [{"nprobe": 16}, {"nprobe": 1024}, {"nprobe": 4096, "max_codes": 1024}]),
]

# Rows of the reference outside of which ours lies: trained so often that the spread shows. Filled as they are found.
WIDER = [
    ("synth64", "L2", "PCA32,LSH128r", ONCE, 12),
    ("synth64", "L2", "IVF256,PCAR32,SHc", [{"nprobe": 1}, {"nprobe": 2}, {"nprobe": 4}, {"nprobe": 8}, {"nprobe": 16}, {"nprobe": 32}, {"nprobe": 64}], 10),
    ("synth64", "L2", "IVF256,RQ16x4fsr_Nrq2x4", [{"nprobe": 1}, {"nprobe": 2}, {"nprobe": 4}, {"nprobe": 8}, {"nprobe": 16}, {"nprobe": 32}, {"nprobe": 64}], 8),
    ("synth64", "L2", "OPQ16_64,IMI2x8,PQ16", [{"nprobe": 1}, {"nprobe": 16}, {"nprobe": 64}, {"nprobe": 256}, {"nprobe": 1024}], 5),
    ("synth64", "L2", "IVF256,PQ16", [{"nprobe": 8, "ht": 40}], 4),
    ("photo-sift", "L2", "IVF1024(RCQ2x5),Flat", [{"nprobe": 1}, {"nprobe": 2}, {"nprobe": 4}, {"nprobe": 8}], 3),
    ("photo-sift", "L2", "IVF1024,PQ32", [{"nprobe": 16}, {"nprobe": 32}, {"nprobe": 64}], 4),
    ("photo-sift", "L2", "PCA64,IVF256,SQ8", [{"nprobe": 1}, {"nprobe": 2}, {"nprobe": 8}], 6),
    ("photo-sift", "L2", "RR128,IVF256,RaBitQ4", [{"nprobe": 1}, {"nprobe": 2}, {"nprobe": 4}, {"nprobe": 8}], 6),
    ("photo-sift", "L2", "IMI2x8,PQ32", [{"nprobe": 256}, {"nprobe": 1024}, {"nprobe": 4096}], 4),
]


def read_fvecs(path):
    rows = np.fromfile(path, dtype="<i4")
    return np.ascontiguousarray(rows.reshape(-1, rows[0] + 1)[:, 1:].copy().view("<f4"))


def set_polysemous(index, wanted):
    """Polysemous training reorders centroids for Hamming filters; without those it changes nothing and takes long."""
    index = faiss.downcast_index(index)
    if hasattr(index, "do_polysemous_training"):
        index.do_polysemous_training = wanted
    for inner in ("index", "base_index"):
        if getattr(index, inner, None) is not None:
            set_polysemous(getattr(index, inner), wanted)


def draw_levels(index, seed):
    index = faiss.downcast_index(index)
    if hasattr(index, "hnsw"):
        index.hnsw.rng = faiss.RandomGenerator(12345 + seed)
    for inner in ("index", "base_index", "quantizer"):
        if getattr(index, inner, None) is not None:
            draw_levels(getattr(index, inner), seed)


def open_index(d, metric, string, polysemous=False):
    index = faiss.index_factory(d, string, faiss.METRIC_L2 if metric == "L2" else faiss.METRIC_INNER_PRODUCT)
    set_polysemous(index, polysemous)
    return index


def build(base, metric, string, seed, polysemous=False):
    index = open_index(base.shape[1], metric, string, polysemous)
    if seed:
        draw_levels(index, seed)
    started = time.process_time()
    index.train(base[np.random.RandomState(seed).permutation(len(base))] if seed else base)
    trained = time.process_time() - started
    index.add(base)
    return index, trained


def set_params(index, params):
    graph = re.match(r".*search_L", str(params)) and faiss.downcast_index(getattr(index, "index", index))
    if graph:
        graph.nsg.search_L = params["search_L"]  # the ParameterSpace does not know it
    elif params:
        faiss.ParameterSpace().set_index_parameters(index, ",".join(f"{name}={value}" for name, value in params.items()))


def figures(index, query, truth, params):
    set_params(index, params)
    near, far = index.search(query, 10)[1], index.search(query, 100)[1]
    hits = sum(len(set(a) & set(b)) for a, b in zip(near.tolist(), truth.tolist()))
    shares = hits / truth.size, np.mean(near[:, 0] == truth[:, 0]), np.mean((far == truth[:, :1]).any(axis=1))
    return [round(float(share), 5) for share in shares]


def code_size(index):
    try:
        return index.sa_code_size()
    except RuntimeError:  # a graph is no codec
        return None


def row_of(vectors, name, metric, string, settings):
    base, query, truth = vectors
    row = {"set": name, "metric": metric, "s": string, "codeSize": 0, "bytes": [], "points": [{"params": p, "seeds": []} for p in settings]}
    for seed in (0, 1, 2):
        index, trained = build(base, metric, string, seed)
        row["codeSize"] = code_size(index)
        size = len(faiss.serialize_index(index))
        if size not in row["bytes"]:
            row["bytes"].append(size)
        for point in row["points"]:
            point["seeds"].append(figures(index, query, truth, point["params"]))
        if trained > LONG_S:
            break
    return row


def flip_axes(vectors, string, seed):
    """The vectors after a PCA, along eigenvectors of other signs, which are arbitrary; and the string after it."""
    base, query, truth = vectors
    first, rest = string.split(",", 1)
    pca = faiss.PCAMatrix(base.shape[1], int(first[3:]))
    pca.train(base)
    signs = np.random.RandomState(seed).choice([-1, 1], pca.d_out).astype("f4")
    return (np.ascontiguousarray(pca.apply(base) * signs), np.ascontiguousarray(pca.apply(query) * signs), truth), rest


def wider_of(vectors, name, metric, string, settings, seeds):
    row = {"set": name, "metric": metric, "s": string, "points": [{"params": p, "seeds": []} for p in settings]}
    for seed in range(seeds):
        (base, query, truth), rest = flip_axes(vectors, string, seed) if re.match(r"PCA\d", string) else (vectors, string)
        index, _ = build(base, metric, rest, seed, any("ht" in p for p in settings))
        for point in row["points"]:
            point["seeds"].append(figures(index, query, truth, point["params"]))
    return row


def counts_of(vectors, string, settings):
    base, query, _ = vectors
    index, _ = build(base, "L2", string, 0)
    rows = []
    for params in settings:
        set_params(index, params)
        ivf, hnsw = faiss.cvar.indexIVF_stats, faiss.cvar.hnsw_stats
        ivf.reset()
        hnsw.reset()
        index.search(query, 10)
        mean = {"ivf_ndis": ivf.ndis, "ivf_nlist": ivf.nlist, "ivf_nheap_updates": ivf.nheap_updates, "hnsw_ndis": hnsw.ndis, "hnsw_nhops": hnsw.nhops}
        rows.append({"s": string, "params": params, **{key: round(value / len(query), 3) for key, value in mean.items()}})
    return rows


def apart(work):
    """The answer of `work` run in a process of its own; None where it failed."""
    receive, send = os.pipe()
    if child := os.fork():
        os.close(send)
        with os.fdopen(receive) as pipe:
            text = pipe.read()
        os.waitpid(child, 0)
        return json.loads(text) if text else None
    try:
        text = json.dumps(work())
        with os.fdopen(send, "w") as pipe:
            pipe.write(text)
    except Exception as problem:  # Faiss throws several kinds
        print(problem, file=sys.stderr)
    os._exit(0)


def lines(rows):
    return ",\n".join("  " + json.dumps(row, separators=(",", ":")) for row in rows)


def known(rows, *names):
    return any((row["set"], row["metric"], row["s"]) == names for row in rows)


def write(made):
    with open(OUT, "w") as file:
        file.write(f'{{ "what": {json.dumps(made["what"])}, "sets": {json.dumps(made["sets"])}, "rows": [\n{lines(made["rows"])}\n], "wider": [\n{lines(made["wider"])}\n], "counts": [\n{lines(made["counts"])}\n] }}\n')


def load(folder, name, metric):
    base, query = (read_fvecs(os.path.join(folder, name, f"{part}.fvecs")) for part in ("base", "query"))
    flat = faiss.IndexFlat(base.shape[1], faiss.METRIC_L2 if metric == "L2" else faiss.METRIC_INNER_PRODUCT)
    flat.add(base)
    return base, query, flat.search(query, 10)[1]


def main(folder):
    with open(OUT) as file:
        made = json.load(file)
    made["what"] = f"Recall, bytes and counts of native Faiss {faiss.__version__}, made by native.py"
    if not made["counts"]:
        vectors = load(folder, "synth64", "L2")
        made["counts"] = [row for string, settings in COUNTED for row in apart(lambda: counts_of(vectors, string, settings)) or []]
        write(made)
    for (name, metric), wanted in WANTED.items():
        vectors = load(folder, name, metric)
        made["sets"][name] = {"n": len(vectors[0]), "d": vectors[0].shape[1], "nq": len(vectors[1])}
        for string, settings in wanted:
            if known(made["rows"], name, metric, string):
                continue
            row = apart(lambda: row_of(vectors, name, metric, string, settings))
            print(name, metric, string, "failed" if row is None else row["points"][-1], flush=True)
            if row:
                made["rows"].append(row)
                write(made)
    for name, metric, string, settings, seeds in WIDER:
        if not known(made["wider"], name, metric, string) and os.path.isdir(os.path.join(folder, name)):
            vectors = load(folder, name, metric)
            made["wider"].append(apart(lambda: wider_of(vectors, name, metric, string, settings, seeds)))
            write(made)


main(sys.argv[1])
