"""The version of the program, in the one place that says it: the package, its files and `--version` read it here."""

VERSION = "0.2.0"
