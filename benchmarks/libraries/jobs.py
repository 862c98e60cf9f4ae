"""All jobs, in the order of the table."""

from __future__ import annotations

from benchmarks.libraries import interpreters, lz4, markdown
from benchmarks.libraries.job import Job

JOBS: tuple[Job, ...] = (*markdown.JOBS, *lz4.JOBS, *interpreters.JOBS)
