"""Capturing: a function runs once while everything that decides about its numbers is written down."""
