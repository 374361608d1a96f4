"""Ways out: tables and playlists as files.

:func:`export` is the verb. :mod:`~ml.data.exporters.selection` says what there is to export,
:mod:`~ml.data.exporters.tables` and :mod:`~ml.data.exporters.playlists` write the formats.
"""

from ml.data.exporters.exporting import WHAT, PlaylistsExport, TableExport, export

__all__ = ["WHAT", "PlaylistsExport", "TableExport", "export"]
