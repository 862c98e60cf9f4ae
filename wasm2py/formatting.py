"""The last, optional stage: Black's layout for sources small enough to be read."""

from __future__ import annotations

from typing import Final

AUTO_LIMIT: Final = 100_000
"""Characters up to which ``auto`` means Black; it takes seconds for each further 100 kB."""

LINE_LENGTH: Final = 120


def format_sources(sources: dict[str, str], mode: str) -> dict[str, str]:
    """Lay out the files of one module; for ``auto`` their total size counts.

    :param sources: Python source by file name
    :param mode: one of :data:`wasm2py.options.FORMATS`
    """
    if mode == "auto" and sum(map(len, sources.values())) > AUTO_LIMIT:
        return sources
    return {name: format_source(text, mode) for name, text in sources.items()}


def format_source(text: str, mode: str) -> str:
    """Lay out Python source.

    The writer's own layout is kept where Black cannot read it or would change what it means, so formatting never
    makes a module fail.

    :param text: Python source
    :param mode: one of :data:`wasm2py.options.FORMATS`
    """
    if mode == "none" or (mode == "auto" and len(text) > AUTO_LIMIT):
        return text
    return _black(text)


def _black(text: str) -> str:
    import black  # 0.1 s that large modules and --format none need not pay
    from black.mode import TargetVersion
    from black.parsing import ASTSafetyError, InvalidInput

    versions = {version for version in TargetVersion if version.value >= TargetVersion.PY39.value}
    style = black.Mode(target_versions=versions, line_length=LINE_LENGTH)
    try:
        formatted = black.format_str(text, mode=style)
        black.assert_equivalent(text, formatted)
    except (InvalidInput, ASTSafetyError, RecursionError):
        return text
    return formatted
