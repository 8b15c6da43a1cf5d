"""`python -m bench NAME`: what is measured, against whom."""

from __future__ import annotations

import sys

from bench import questions, retrieval, scale

BENCHMARKS = {"questions": questions.run, "retrieval": retrieval.run, "scale": scale.run}

sys.exit(BENCHMARKS[sys.argv[1]](sys.argv[2:]))
