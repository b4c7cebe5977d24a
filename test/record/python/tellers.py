"""Who tells of the calls: the instrumentations that `TELLERS` names, as `module:class` or `module:class:option`."""

import importlib
import os


def instrument() -> None:
    for teller in os.environ["TELLERS"].split():
        module, name, *options = teller.split(":")
        instrumentor = getattr(importlib.import_module(module), name)()
        instrumentor.instrument(**{option: True for option in options})
