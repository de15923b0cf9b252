"""Changes to modules of the standard library that are made when user code loads them, and cost nothing before."""

import sys

_waiting = {}


class _Loader:
    """Loads a module as its own loader does, and then does what was waiting for it."""

    def __init__(self, loader, actions):
        self._loader = loader
        self._actions = actions

    def __getattr__(self, name):
        return getattr(self._loader, name)

    def create_module(self, spec):
        return self._loader.create_module(spec)

    def exec_module(self, module):
        module.__spec__.loader = self._loader
        module.__loader__ = self._loader
        self._loader.exec_module(module)
        for action in self._actions:
            action(module)


class _Finder:
    def find_spec(self, name, path=None, target=None):
        actions = _waiting.pop(name, None)
        if actions is None:
            return None
        for finder in sys.meta_path:
            find = None if finder is self else getattr(finder, "find_spec", None)
            spec = find(name, path, target) if find else None
            if spec is not None:
                if spec.loader is not None and hasattr(spec.loader, "exec_module"):
                    spec.loader = _Loader(spec.loader, actions)
                return spec
        return None


def when_loaded(name, action):
    """Calls `action` with the module once it is loaded: at once when it is there."""
    module = sys.modules.get(name)
    if module is not None:
        action(module)
        return
    if not _waiting:
        sys.meta_path.insert(0, _Finder())
    _waiting.setdefault(name, []).append(action)
