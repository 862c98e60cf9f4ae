"""All jobs, in the order of the tables."""

from __future__ import annotations

from benchmarks.libraries import interpreters, lz4, markdown
from benchmarks.libraries.job import Job

#: One table each: an interpreter beside CPython has ratios of another order than a library beside a package.
TABLES: tuple[tuple[Job, ...], ...] = ((*markdown.JOBS, *lz4.JOBS), interpreters.JOBS)

JOBS: tuple[Job, ...] = tuple(job for jobs in TABLES for job in jobs)
