"""Sources and modules of others: pip downloads them when they are needed, a hash pins each, nothing is committed."""

from __future__ import annotations

import hashlib
import subprocess
import sys
import tarfile
import tempfile
from importlib import metadata
from pathlib import Path

from benchmarks.build import CACHE


class SourceError(Exception):
    """Something can't be downloaded, is not installed or has another hash; the text says which."""


def sources(name: str, version: str, sha256: str) -> Path:
    """Return the folder of a source distribution on PyPI, unpacked under ``.cache``.

    :raises SourceError: pip can't download it or its hash is another
    """
    folder = CACHE / "sources" / f"{name}-{version}"
    if not folder.exists():
        folder.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=folder.parent) as temporary:
            pinned = Path(temporary) / "requirements.txt"
            pinned.write_text(f"{name}=={version} --hash=sha256:{sha256}\n", encoding="utf-8")
            command = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--no-binary=:all:"]
            command += ["--require-hashes", "--dest", temporary, "--requirement", str(pinned)]
            result = subprocess.run(command, capture_output=True, text=True, check=False)
            if result.returncode:
                reasons = [line for line in result.stderr.splitlines() if line.startswith("ERROR")]
                raise SourceError(f"pip can't download {name} {version}: {(reasons or ['no reason given'])[0]}")
            (archive,) = Path(temporary).glob("*.tar.gz")
            with tarfile.open(archive) as tar:
                tar.extractall(temporary, filter="data")
            (unpacked,) = (path for path in Path(temporary).iterdir() if path.is_dir())
            unpacked.rename(folder)
    return folder


def installed_file(package: str, path: str, sha256: str) -> Path:
    """Return a file of an installed package.

    :raises SourceError: the package is not installed, or the file has another hash
    """
    try:
        distribution = metadata.distribution(package)
    except metadata.PackageNotFoundError:
        raise SourceError(f"{package} is not installed: pip install {package}") from None
    file = Path(str(distribution.locate_file(path)))
    if not file.is_file() or hashlib.sha256(file.read_bytes()).hexdigest() != sha256:
        raise SourceError(f"{path} is not the file of {package} that the benchmark was written for")
    return file
