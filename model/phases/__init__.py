"""The thirteen phases of a month, one file each; `model.month.MONTH` lists them in order."""
