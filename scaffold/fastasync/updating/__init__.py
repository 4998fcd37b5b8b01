"""Bringing a project up to date: history, answers, merge, journal, and what is left to do by hand."""
