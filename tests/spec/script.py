"""Running the commands of one script, one after the other, against generated code.

Runs in every Python that generated code runs in.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from enum import Enum
from typing import Any

from runtime_support import Global, Instance, LinkError, Module, Trap, WasmException
from tests.spec import values
from tests.spec.spectest import spectest
from tests.spec.verdicts import DISABLED, INVALID, MALFORMED, TEXT, UNKNOWN, UNSUPPORTED, Refused
from tests.spec_data import Command


class Status(Enum):
    """How a command went."""

    PASSED = "passed"
    FAILED = "failed"
    UNSUPPORTED = "unsupported"
    """It needs a proposal that is not built yet, or an instance that does."""
    TEXT = "text"
    """It is a malformed text, and was refused: by the converter, mostly, which is not ours."""
    SKIPPED = "skipped"
    """It is a malformed text, and there is no converter; or it is about hints, which have no meaning here."""


@dataclass(frozen=True)
class Outcome:
    """What became of one command."""

    line: int
    type: str
    status: Status
    detail: str = ""


class _Failed(Exception):
    """A command did not do what it must."""


class _Skipped(Exception):
    """A command is not for this runner."""


class _Pending(Exception):
    """A command depends on something unsupported."""


@dataclass(frozen=True)
class _Unbuilt:
    """Stands for a module or instance that could not be made because it needs something unsupported."""

    reason: str


Compile = Callable[[Command], Module]


class Script:
    """The state of a script: its module definitions, instances, and registered modules."""

    def __init__(self, compile: Compile) -> None:
        """:param compile: makes the module of a command, or raises ``Refused``."""
        self._compile = compile
        self._registered: dict[str, Any] = {"spectest": spectest()}
        self._definitions: dict[str | None, Any] = {}
        self._instances: dict[str | None, Any] = {}
        """By name; ``None`` is the current one."""

    def run(self, commands: Iterable[Command]) -> Iterator[Outcome]:
        """Run the commands; an outcome for each."""
        for command in commands:
            status, detail = self._status(command)
            yield Outcome(command["line"], command["type"], status, detail)

    def _status(self, command: Command) -> tuple[Status, str]:
        try:
            return _HANDLERS[command["type"]](self, command) or Status.PASSED, ""
        except _Failed as error:
            return Status.FAILED, str(error)
        except _Skipped as error:
            return Status.SKIPPED, str(error)
        except (_Pending, values.UnknownValue) as error:
            return Status.UNSUPPORTED, str(error)
        except Refused as error:
            return Status.UNSUPPORTED if error.kind == UNSUPPORTED else Status.FAILED, str(error)
        except Exception as error:
            return Status.FAILED, f"{type(error).__name__}: {error}"

    # Modules

    def _define(self, command: Command) -> Any:
        try:
            return self._compile(command)
        except Refused as error:
            if error.kind != UNSUPPORTED:
                raise
            return _Unbuilt(str(error))

    def _instantiate(self, module: Any) -> Instance:
        _require_built(module)
        for name, *_ in module.imports:
            _require_built(self._registered.get(name))
        # A script calls every export itself, _initialize as well.
        instance: Instance = module.instantiate(self._registered, start=())
        return instance

    def module(self, command: Command) -> None:
        module = self._define(command)
        self._definitions[None] = module
        self._make_current(command.get("name"), module)

    def module_definition(self, command: Command) -> None:
        module = self._define(command)
        self._definitions[None] = module
        if "name" in command:
            self._definitions[command["name"]] = module
        _require_built(module)

    def module_instance(self, command: Command) -> None:
        self._make_current(command.get("instance"), self._definitions[command.get("module")])

    def _make_current(self, name: str | None, module: Any) -> None:
        instance: Any = None
        try:
            instance = self._instantiate(module)
        except _Pending as error:
            instance = _Unbuilt(str(error))
            raise
        finally:
            self._instances[None] = instance
            if name is not None:
                self._instances[name] = instance

    def _instance(self, name: str | None) -> Any:
        instance = self._instances.get(name)
        if instance is None:
            raise _Failed(f"there is no instance {name or ''}".rstrip())
        return instance

    def register(self, command: Command) -> None:
        instance = self._instance(command.get("name"))
        self._registered[command["as"]] = instance
        _require_built(instance)

    # Actions

    def _act(self, command: Command) -> Any:
        action = command["action"]
        instance = self._instance(action.get("module"))
        _require_built(instance)
        export = instance.exports[action["field"]]
        if action["type"] == "get":
            assert isinstance(export, Global)
            return export.value
        return export(*map(values.argument, action["args"]))

    def action(self, command: Command) -> None:
        self._act(command)

    def assert_return(self, command: Command) -> None:
        result = self._act(command)
        expected = command["expected"]
        given = () if result is None and not expected else result if len(expected) > 1 else (result,)
        if type(given) is not tuple or len(given) != len(expected):
            raise _Failed(f"{len(expected)} results wanted, given {result!r}")
        for pattern, value in zip(expected, given):
            alternatives = pattern["values"] if pattern["type"] == "either" else [pattern]
            if not any(values.matches(alternative, value) for alternative in alternatives):
                raise _Failed(f"wanted {pattern}, given {values.describe(pattern['type'], value)}")

    def assert_trap(self, command: Command) -> None:
        _expect(Trap, command["text"], lambda: self._act(command))

    assert_exhaustion = assert_trap

    def assert_exception(self, command: Command) -> None:
        try:
            self._act(command)
        except WasmException:
            return
        raise _Failed("no exception was raised")

    # Modules that must be refused

    def assert_invalid(self, command: Command) -> None:
        self._refused(command, INVALID, DISABLED)

    def assert_malformed(self, command: Command) -> Status | None:
        if command["module_type"] != "text":
            self._refused(command, MALFORMED)
            return None
        # Some malformed texts become modules: the converter leaves them to whoever reads these.
        self._refused(command, TEXT, MALFORMED, INVALID)
        return Status.TEXT

    def _refused(self, command: Command, *kinds: str) -> None:
        """The module must be refused, in one of some ways."""
        try:
            self._compile(command)
        except Refused as error:
            if error.kind in kinds:
                return
            if error.kind == UNKNOWN:
                raise _Skipped(str(error)) from None
            if error.kind == UNSUPPORTED:
                raise
            raise _Failed(f"{kinds[0]} wanted ({command['text']}), given {error.kind}: {error}") from None
        raise _Failed(f"the module was accepted; wanted: {command['text']}")

    def assert_unlinkable(self, command: Command) -> None:
        self._fails_to_instantiate(command, LinkError)

    def assert_uninstantiable(self, command: Command) -> None:
        self._fails_to_instantiate(command, Trap)

    def _fails_to_instantiate(self, command: Command, error: type[Exception]) -> None:
        module = self._define(command)
        _expect(error, command["text"], lambda: self._instantiate(module))

    def assert_invalid_custom(self, command: Command) -> None:
        self._compile(command)
        raise _Skipped("nothing in a custom section makes a module invalid, unless one reads it: hints are not read")


def _require_built(thing: object) -> None:
    if isinstance(thing, _Unbuilt):
        raise _Pending(thing.reason)


def _expect(error: type[Exception], text: str, act: Callable[[], Any]) -> None:
    """``act`` must raise ``error``, with a message that contains ``text`` or is contained in it."""
    try:
        result = act()
    except error as given:
        message = str(given)
        if not message or (text not in message and message not in text):
            raise _Failed(f"wanted {text!r}, given {message!r}") from None
        return
    raise _Failed(f"wanted {error.__name__} {text!r}, but it ended with {result!r}")


_HANDLERS: dict[str, Callable[[Script, Command], Status | None]] = {
    "module": Script.module,
    "module_definition": Script.module_definition,
    "module_instance": Script.module_instance,
    "register": Script.register,
    "action": Script.action,
    "assert_return": Script.assert_return,
    "assert_trap": Script.assert_trap,
    "assert_exhaustion": Script.assert_exhaustion,
    "assert_exception": Script.assert_exception,
    "assert_invalid": Script.assert_invalid,
    "assert_malformed": Script.assert_malformed,
    "assert_unlinkable": Script.assert_unlinkable,
    "assert_uninstantiable": Script.assert_uninstantiable,
    "assert_invalid_custom": Script.assert_invalid_custom,
    "assert_malformed_custom": Script.assert_malformed,
}
