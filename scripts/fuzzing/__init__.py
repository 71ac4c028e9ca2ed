"""Hostile exports, made by a fuzzer that is led by what the readers do with them: `scripts/soak parsers`."""
