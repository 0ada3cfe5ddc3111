"""What worker processes need, made once in the process that they are forked from: modules, and the stages' tables."""

import os
from importlib import import_module

from flows.lean import uncollected, without_pandas

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # the workers share the cores already; and threads do not fork
without_pandas()
with uncollected():
    import_module("flows.parts")
    import_module("flows.corpus")
    import_module("flows.first").clean_first()
