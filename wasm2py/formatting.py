"""The last, optional stage: Black's layout for sources small enough to be read."""

from __future__ import annotations

from typing import Final

AUTO_LIMIT: Final = 100_000
"""Characters up to which ``auto`` means Black; it takes seconds for each further 100 kB."""

AUTO_RATIO: Final = 10
"""Characters for each byte of the module up to which ``auto`` keeps Black's layout..."""

ALWAYS_SMALL: Final = 20_000
"""...unless the output is no larger than this: what every module needs outweighs the rest in the smallest."""

LINE_LENGTH: Final = 120


def format_sources(sources: dict[str, str], mode: str, module_size: int) -> dict[str, str]:
    """Lay out the files of one module; for ``auto`` their total size counts.

    :param sources: Python source by file name
    :param mode: one of :data:`wasm2py.options.FORMATS`
    :param module_size: bytes of the module
    """
    if mode == "black":
        return _all(sources)
    limit = max(AUTO_RATIO * module_size, ALWAYS_SMALL)
    if mode == "none" or sum(map(len, sources.values())) > AUTO_LIMIT or sum(map(_indented, sources.values())) > limit:
        return sources
    formatted = _all(sources)
    return formatted if sum(map(len, formatted.values())) <= limit else sources


def _all(sources: dict[str, str]) -> dict[str, str]:
    return {name: format_source(text) for name, text in sources.items()}


def _indented(text: str) -> int:
    """The size with Black's indentation, four columns for each of the writer's: the layout takes no less."""
    return len(text) + 3 * sum(len(line) - len(line.lstrip(" ")) for line in text.split("\n"))


def format_source(text: str) -> str:
    """Lay out Python source by Black.

    The writer's own layout is kept where Black cannot read it or would change what it means, so formatting never
    makes a module fail.
    """
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
