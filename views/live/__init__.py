"""The live market: one market a visitor, played month by month over its job graph.

`market` holds what is watched, `record` what is kept of the months; `graph`, `pictures` and `lives` say what the screen
shows, as plain numbers and words; `app` puts them on the screen with Mesa's controls; `mount` serves it.
"""
