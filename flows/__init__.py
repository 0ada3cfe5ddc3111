"""WHEN and WHERE it is done: the flow, its processes, Prefect, the settings and the command line."""
