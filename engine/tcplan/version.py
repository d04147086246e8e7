"""The version of the program, which every file and sheet carries."""

VERSION = "0.1.0"
