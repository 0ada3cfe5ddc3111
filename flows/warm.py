"""What worker processes need, made once in the process that they are forked from: modules, and the stages' tables."""

import gc
import os
from importlib import import_module

from flows.lean import without_pandas

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # the workers share the cores already; and threads do not fork
without_pandas()
import_module("flows.parts")
import_module("flows.corpus")
import_module("flows.first").clean_first()
gc.freeze()  # what is made here stays: not looked through again and again, a part takes 2 % less
