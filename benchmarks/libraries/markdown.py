"""Markdown to HTML: cmark, the reference in C, from the package ``cmarkgfm``."""

from __future__ import annotations

import importlib
from pathlib import Path
from typing import Any

from benchmarks.build import LIBRARY_FLAGS, build
from benchmarks.libraries.hosts import Host
from benchmarks.libraries.job import HERE, Job, Work, documents, put
from benchmarks.libraries.sources import sources


def _module() -> Path:
    folder = sources("cmarkgfm", "2025.10.22", "5bec61007b65b919488442c838c58a6c8bf4741f5103c593b2ef180d39818eda")
    code = folder / "third_party" / "cmark"
    includes = [f"-I{path}" for path in (folder / "generated" / "unix", code / "src", code / "extensions")]
    files = [str(path) for path in sorted(code.glob("src/*.c")) if path.name != "main.c"]
    return build(HERE / "markdown.c", (*LIBRARY_FLAGS, "-DCMARK_GFM_STATIC_DEFINE", *includes, *files))


def _without_blank_lines(html: str) -> bytes:
    """Return a text in which the renderers agree: they put blank lines between blocks at other places."""
    return "\n".join(filter(None, html.split("\n"))).encode()


def _prepare(host: Host, text: bytes) -> Work:
    start = put(host, text)

    def work() -> bytes:
        html: int = host.call("render", start, len(text))
        result = host.read(html, host.call("rendered_length"))
        host.call("free", html)
        return _without_blank_lines(result.decode())

    return work


def _commonmark(text: bytes) -> Work:
    render: Any = importlib.import_module("commonmark").commonmark
    return lambda: _without_blank_lines(render(text.decode()))


def _markdown_it(text: bytes) -> Work:
    render: Any = importlib.import_module("markdown_it").MarkdownIt("commonmark").render
    return lambda: _without_blank_lines(render(text.decode()))


def _mistune(text: bytes) -> Work:
    render: Any = importlib.import_module("mistune").create_markdown(escape=False)
    return lambda: _without_blank_lines(render(text.decode()))


JOBS = (
    Job(
        "cmark",
        "cmark",
        _module,
        documents,
        _prepare,
        {"commonmark": _commonmark, "markdown-it-py": _markdown_it, "mistune": _mistune},
    ),
)
