"""The instrument derived and judged: ``python -m benchmarks.instrument ../shared/crowd``."""

import os

for _threads in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
    # One thread adds in one order, so that the same numbers come out twice; here, because NumPy
    # looks once, when it is loaded.
    os.environ[_threads] = "1"
