"""Writes all figures into img/."""

from tools.figures import write_all

for file in write_all():
    print(f"{file.parent.name}/{file.name}: written")
