"""What leaves the program: sheets, tables and the one formatter of numbers."""
