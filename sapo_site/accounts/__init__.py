"""Accounts of the CMS: who comes in and how, which roles there are, and where somebody is logged in."""
