"""Random valid modules: generated code against native wasmtime, level against level.

``python -m tests.differential`` runs thousands, ``test_random.py`` a few with every run of the tests, and
``test_cases.py`` every module that once gave a wrong answer.
"""
