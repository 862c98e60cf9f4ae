"""``python -m tests.differential``: random modules, generated code against wasmtime."""

from __future__ import annotations

import argparse
import re
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import wasmtime

from tests.differential.binaryen import binaryen_module
from tests.differential.calls import call_module
from tests.differential.comparison import Tally, differences
from tests.differential.generator import random_module, vector_module
from tests.differential.loops import loop_module
from tests.differential.ranges import range_module
from tests.differential.reduction import reduce
from tests.differential.vector_loops import vector_loop_module
from wasm2py.options import OPTIMISE, TARGETS, Options

_GENERATORS: dict[str, Callable[[object], bytes]] = {
    "calls": call_module,
    "loops": loop_module,
    "ranges": range_module,
    "own": random_module,
    "vectors": vector_module,
    "vector-loops": vector_loop_module,
    "binaryen": binaryen_module,
}


def _arguments(argv: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.differential", description=__doc__)
    parser.add_argument("--count", type=int, default=1000, metavar="N", help="modules of each generator")
    parser.add_argument("--seed", type=int, default=0, metavar="S", help="of the first module; the next ones count up")
    parser.add_argument("--generator", choices=_GENERATORS, action="append", help="default: all")
    parser.add_argument("--optimise", "-O", default="0,1,2", metavar="LEVELS", help="default: 0,1,2")
    parser.add_argument("--target", default="auto,pypy", metavar="TARGETS", help="default: auto,pypy")
    parser.add_argument("--keep", type=Path, metavar="DIR", help="write modules that differ here")
    parser.add_argument("--reduce", action="store_true", help="reduce them first")
    parser.add_argument("files", nargs="*", type=Path, metavar="FILE", help="modules to compare instead of random ones")
    return parser.parse_args(argv)


def _variants(args: argparse.Namespace) -> list[Options]:
    levels = [int(level) for level in args.optimise.split(",")]
    targets = args.target.split(",")
    if set(levels) - set(OPTIMISE) or set(targets) - set(TARGETS):
        raise SystemExit(f"levels are {OPTIMISE}, targets {TARGETS}")
    return [Options(optimise=level, target=target, format="none") for target in targets for level in levels]


def _modules(args: argparse.Namespace) -> Iterator[tuple[str, object, bytes]]:
    """Name, seed and binary of every module."""
    for path in args.files:
        data = path.read_bytes()
        yield path.name, 0, data if data.startswith(b"\0asm") else bytes(wasmtime.wat2wasm(path.read_text()))
    if args.files:
        return
    for seed in range(args.seed, args.seed + args.count):
        for name in args.generator or _GENERATORS:
            try:
                yield f"{name}-{seed}", seed, _GENERATORS[name](seed)
            except subprocess.CalledProcessError as error:
                print(f"{name}-{seed}: {error}", file=sys.stderr)


def _same_fault(data: bytes, seed: object, variants: Sequence[Options]) -> Callable[[bytes], bool]:
    """Whether another module shows the first fault of this one, in the same variant."""

    def faults(candidate: bytes) -> list[tuple[Options, str]]:
        found = ((options, differences(candidate, seed, [options], Tally())) for options in variants)
        return [(options, _KIND.sub("", text)[:40]) for options, texts in found for text in texts][:1]

    wanted = faults(data)
    variants = [options for options, _ in wanted]
    return lambda candidate: faults(candidate) == wanted


_KIND = re.compile(r".*\): (?=(result|log|state) )|(?<=result|.state) .*|(?<=log) .*|'.*")
"""What is left of a description without this is the same for the same fault."""


def main(argv: Sequence[str] | None = None) -> int:
    """Compare; 0 if nothing differs."""
    args = _arguments(argv)
    variants = _variants(args)
    tally = Tally()
    failed = invalid = 0
    start = time.monotonic()
    for name, seed, data in _modules(args):
        try:
            found = list(differences(data, seed, variants, tally))
        except wasmtime.WasmtimeError as error:
            invalid += 1
            print(f"{name}: invalid: {str(error).splitlines()[-1]}", flush=True)
            continue
        for text in found:
            print(f"{name}: {text}"[:500], flush=True)
        if found:
            failed += 1
            if args.reduce:
                data = reduce(data, _same_fault(data, seed, variants))
            if args.keep:
                args.keep.mkdir(parents=True, exist_ok=True)
                (args.keep / f"{name}.wasm").write_bytes(data)
    print(
        f"{tally.modules} modules, {tally.calls} calls in {len(variants)} variants, {failed} modules differ;"
        f" {invalid} invalid, {tally.unsupported} unsupported, {tally.given_up} cut short by fuel or stack;"
        f" {time.monotonic() - start:.0f} s; traps: {dict(tally.traps.most_common())}"
    )
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
