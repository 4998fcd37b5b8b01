"""The whole program: what names hold and what calls reach, across files, without running anything."""
