"""Times native Faiss on one thread: commands are lines of JSON on standard input, answers lines of JSON on standard output.

  {"do": "about"}                                    version, instruction sets and BLAS of this Faiss
  {"do": "load", "base": F, "query": F}              .fvecs files
  {"do": "train", "index": S}                        seconds; {"unknown": why} for a string this Faiss cannot read
  {"do": "add"}                                      seconds, and bytes of the index file; {"unknown": why} where this Faiss cannot
  {"do": "search", "params": "nprobe=8", "k": 10}    seconds a query, alone and in one call, and the ids found

Times are {"wall": s, "cpu": s}. What Python itself needs for a call is measured and taken off.
"""
import json
import os
import sys
import time

for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS"):
    os.environ[name] = "1"
import faiss  # noqa: E402
import numpy as np  # noqa: E402

faiss.omp_set_num_threads(1)
state = {}


def timed(step):
    wall, cpu = time.perf_counter(), time.process_time()
    step()
    return {"wall": time.perf_counter() - wall, "cpu": time.process_time() - cpu}


def about(_):
    with open("/proc/self/maps") as maps:
        libraries = {line.split()[-1] for line in maps if "blas" in line.lower()}
    names = {os.path.basename(os.path.realpath(path)) for path in libraries}
    options = faiss.get_compile_options() if hasattr(faiss, "get_compile_options") else ""
    blas = "OpenBLAS" if any("openblas" in path.lower() for path in libraries) else " ".join(sorted(names)) or "its own BLAS"
    return {"version": faiss.__version__, "options": options.strip(), "blas": blas}


def read_fvecs(path):
    rows = np.fromfile(path, dtype="<i4")
    return np.ascontiguousarray(rows.reshape(-1, rows[0] + 1)[:, 1:].copy().view("<f4"))


def load(command):
    state["base"], state["query"] = read_fvecs(command["base"]), read_fvecs(command["query"])
    state["call"] = call_overhead()
    return {}


def call_overhead():
    """The least seconds of a call that has one vector to look at."""
    index, x = faiss.IndexFlatL2(state["base"].shape[1]), state["query"][:1]
    index.add(x)
    runs = [timed(lambda: [index.search(x, 1) for _ in range(2000)]) for _ in range(5)]
    return {clock: min(run[clock] for run in runs) / 2000 for clock in ("wall", "cpu")}


def without_polysemous(index):
    """Polysemous training reorders centroids for Hamming filters, which neither side uses here."""
    index = faiss.downcast_index(index)
    if hasattr(index, "do_polysemous_training"):
        index.do_polysemous_training = False
    for inner in ("index", "base_index"):
        if getattr(index, inner, None) is not None:
            without_polysemous(getattr(index, inner))


def train(command):
    state.pop("index", None)
    try:
        index = faiss.index_factory(state["base"].shape[1], command["index"])
    except Exception as problem:  # Faiss throws several kinds
        return {"unknown": str(problem)}
    without_polysemous(index)
    state["index"] = index
    return timed(lambda: state["index"].train(state["base"]))


def add(_):
    try:
        return {**timed(lambda: state["index"].add(state["base"])), "bytes": len(faiss.serialize_index(state["index"]))}
    except RuntimeError as problem:  # a codec, or what this version has not implemented
        return {"unknown": str(problem)}


def search(command):
    index, x, k, nq = state["index"], state["query"], command["k"], len(state["query"])
    if command["params"]:
        faiss.ParameterSpace().set_index_parameters(index, command["params"])
    alone = timed(lambda: [index.search(x[i:i + 1], k) for i in range(nq)])
    found = []
    together = timed(lambda: found.append(index.search(x, k)[1]))
    return {
        "alone": {clock: alone[clock] / nq - state["call"][clock] for clock in alone},
        "together": {clock: together[clock] / nq for clock in together},
        "ids": found[0].ravel().tolist(),
    }


for line in sys.stdin:
    request = json.loads(line)
    answer = {"about": about, "load": load, "train": train, "add": add, "search": search}[request["do"]](request)
    print(json.dumps(answer), flush=True)
