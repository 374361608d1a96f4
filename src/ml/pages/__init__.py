"""What pages for a browser have in common: their style, their plots, and how they come onto the disk.

Conventions
-----------
- A page is one file that fetches nothing and runs nothing: styles and plots are inside it.
- Light or dark, as the reader's system is; each plot is there twice, for wide and for narrow screens.
- What a colour says is said by words or forms as well.
- jinja2 and matplotlib come with the extra ``report``; nothing here imports them before a page is asked for.
"""
