"""A committed database for each test: what children do stays, and a copy brings any state back."""

import os
from pathlib import Path
from uuid import uuid4

from django.db import connections

from tests import databases


class World:
    """The default database, exchangeable: `keep` names the state of now, `back` returns to it."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.made = folder, []
        self.is_postgresql = connections["default"].vendor == "postgresql"

    def begin(self) -> None:
        self.use(self.copy_of_template())

    def keep(self) -> str:
        """A name for the state of now."""
        connections.close_all()
        return self._copy(self.name)

    def back(self, kept: str) -> None:
        connections.close_all()
        self.use(self._copy(kept))

    def use(self, name: str) -> None:
        connections["default"].close()
        connections["default"].settings_dict["NAME"] = name
        self.name = name

    def copy_of_template(self) -> str:
        name = self._new()
        if self.is_postgresql:
            databases.postgresql_copy(name)
        else:
            databases.sqlite_copy(Path(name))
        return name

    def end(self) -> None:
        connections.close_all()
        for name in self.made:
            if self.is_postgresql:
                databases.postgresql_drop(name)
            else:
                Path(name).unlink(missing_ok=True)

    def _copy(self, source: str) -> str:
        name = self._new()
        if self.is_postgresql:
            databases.postgresql_clone(source, name)
        else:
            databases.sqlite_clone(Path(source), Path(name))
        return name

    def _new(self) -> str:
        mark = f"{os.getpid()}_{uuid4().hex[:12]}"
        name = f"vetted_test_{mark}" if self.is_postgresql else str(self.folder / f"{mark}.sqlite3")
        self.made.append(name)
        return name
