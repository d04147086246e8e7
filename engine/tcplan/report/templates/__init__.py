"""The templates of a sheet, each a module that turns a case into blocks."""
