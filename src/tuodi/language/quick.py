"""Frozen dataclasses that cost a fifth of the time to define: the command starts sooner.

`dataclass` here takes `frozen=True, slots=True, kw_only=True` and nothing else. What the standard one compiles anew for
each class, these share: construction, equality, hash, repr, freezing, copying. Fields, defaults, `replace`, `fields`
and patterns are the standard ones; type checkers see the standard decorator.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from operator import attrgetter
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from dataclasses import dataclass

    __all__ = ["dataclass"]
else:

    def dataclass(*, frozen: bool, slots: bool, kw_only: bool) -> Callable[[type], Any]:
        """The decorator. The three flags must be true."""
        assert frozen and slots and kw_only
        return _made


def _made(cls: type) -> Any:
    made: Any = dataclasses.dataclass(init=False, repr=False, eq=False, slots=True, kw_only=True)(cls)
    names = tuple(made.__dataclass_fields__)
    made.__defaults__ = tuple(_default(field) for field in made.__dataclass_fields__.values())
    made.__values__ = attrgetter(*names) if len(names) > 1 else _only(names)
    for method in (_init, _repr, _eq, _hash, _setattr, _delattr, _reduce):
        setattr(made, f"__{method.__name__[1:]}__", method)
    return made


def _default(field: dataclasses.Field[Any]) -> tuple[str, Any, Any]:
    """Name, default and default factory."""
    return field.name, field.default, field.default_factory


def _only(names: tuple[str, ...]) -> Callable[[object], tuple[Any, ...]]:
    """The values of a class with one field, or none, as a tuple all the same."""
    return lambda self: tuple(getattr(self, name) for name in names)


_MISSING = dataclasses.MISSING
_set = object.__setattr__


def _init(self: Any, **given: Any) -> None:
    for name, default, factory in type(self).__defaults__:
        if name in given:
            _set(self, name, given.pop(name))
        elif default is not _MISSING:
            _set(self, name, default)
        elif factory is not _MISSING:
            _set(self, name, factory())
        else:
            raise TypeError(f"{type(self).__name__}() misses {name!r}")
    if given:
        raise TypeError(f"{type(self).__name__}() has no {', '.join(map(repr, given))}")


def _repr(self: Any) -> str:
    values = zip(self.__dataclass_fields__, type(self).__values__(self), strict=True)
    return f"{type(self).__qualname__}({', '.join(f'{name}={value!r}' for name, value in values)})"


def _eq(self: Any, other: Any) -> Any:
    cls: Any = type(self)
    return cls.__values__(self) == cls.__values__(other) if type(other) is cls else NotImplemented


def _hash(self: Any) -> int:
    return hash(type(self).__values__(self))


def _setattr(_self: Any, name: str, _value: object) -> None:
    raise dataclasses.FrozenInstanceError(f"cannot assign to field {name!r}")


def _delattr(_self: Any, name: str) -> None:
    raise dataclasses.FrozenInstanceError(f"cannot delete field {name!r}")


def _reduce(self: Any) -> tuple[Any, ...]:
    return _rebuilt, (type(self), type(self).__values__(self))


def _rebuilt(cls: Any, values: tuple[Any, ...]) -> Any:
    return cls(**dict(zip(cls.__dataclass_fields__, values, strict=True)))
